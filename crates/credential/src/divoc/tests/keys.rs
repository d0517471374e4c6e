//! Public keys, base64url, by which the published samples are signed.

/// India's (`did:india`): an RSA modulus (Path-Check/divoc-sdk.js, `lib/divoc.js`).
pub(super) const INDIA: &str = "0i7R4XsyG3m6KD36qKEVxE-odCh68W2O4vLqh6SnsgItzvLYvJKPai-jEkf22FlPn0QnGo-Znyi6dw1lhvg9FGXqodv33yrqKhGLkQPeURaMnJidxktK_3QLXuv9HiKq9fSDLJyPBJEFCCCiZNTGgWM0dqq43_XRi-7IX3gWU68U6v_7EyOW3U4ZgYUVlfwbUh6eKRan68_TObQua39oeUfDMhJa0NHnMXb1lq_vQIjEgGkOK5LLyz-X8ETUEhn8Qdx2SIORmftCPW4XO0UZmMHuGw9t-UUgniy5BL8kmvtjpVRWFUliJFGBTvBZCO6gcoX5eXi8LytCg-mJ6EDO-Q";

/// That of DIVOC's own examples: an RSA modulus (egovernments/DIVOC, `backend/certificate_signer/config/keys.js`).
pub(super) const EXAMPLE_RSA: &str = "nXQalrgztecTpc-INjRQ8s73FSE1kU5QSlwBdICCVJBUKiuQUt7s-Z5epgCvLVAOCbP1mm5lV7bfgV_iYWDio7lzX4MlJwDedWLiufr3Ajq-79CQiqPaIbZTo0i13zijKtX7wgxQ78wT_HkJRLkFpmGeK3za21tEfttytkhmJYlwaDTEc-Kx3RJqVhVh_dfwJGeuV4Xc_e2NH--ht0ENGuTk44KpQ-pwQVqtW7lmbDZQJoOJ7HYmmoKGJ0qt2hrj15uwcD1WEYfY5N7N0ArTzPgctExtZFDmituLGzuAZfv2AZZ9_7Y-igshzfB0reIFdUKw3cdVTzfv5FNrIqN5pw";

/// That of DIVOC's own examples: Ed25519 (egovernments/DIVOC, `certificate_signer_library/tests`).
pub(super) const EXAMPLE_ED25519: &str = "uu-xMMKF9AaF3Hi2BFZHQjvWRzI_GzMS9dq4Gkj3DH0";
