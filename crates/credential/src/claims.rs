//! What a pass says, in the form that its format types it and in the one that rules read.

use serde_json::Value;

use crate::dcc::{self, Certificate, Dcc, Origin};

/// The claims of a pass.
///
/// All text is as the issuer signed it: escape it ([`crate::display`]) before it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Claims {
    /// Those of an EU Digital COVID Certificate.
    Dcc(Box<Dcc>),
    /// Those of any other format.
    Other(Box<Other>),
}

/// Claims of a format that is no DCC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Other {
    /// All of them, under the format's own names.
    pub json: Value,
    /// As rules read them: of a vaccination, test or recovery what the format says under the names and in the
    /// codes of a DCC (`nam`, `dob`, and one entry of `v`, `t` or `r`, the latest dose); of other kinds as
    /// [`Self::json`] has them. What a format does not say is not there: a rule that needs it does not hold.
    pub for_rules: Value,
    /// Where and by whom it was certified, which lists of revoked passes name it by; what the format does not
    /// say is empty.
    pub origins: Vec<Origin>,
    /// The result of a test.
    pub test: Option<TestResult>,
}

/// The result of a test, and of when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// SNOMED CT: 260415000 not detected, 260373001 detected.
    pub code: String,
    /// When the sample was taken, as the certificate has it.
    pub sampled: String,
}

impl Claims {
    /// The typed claims of an EU Digital COVID Certificate, where they are ones.
    pub fn dcc(&self) -> Option<&Dcc> {
        match self {
            Self::Dcc(dcc) => Some(dcc),
            Self::Other(_) => None,
        }
    }

    /// All of them as the issuer signed them, under the format's own names.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Dcc(dcc) => dcc.to_json(),
            Self::Other(other) => other.json.clone(),
        }
    }

    /// Where and by whom it was certified: of several doses, all, the latest first.
    pub fn origins(&self) -> Vec<&Origin> {
        match self {
            Self::Dcc(dcc) => dcc.certificate.origins(),
            Self::Other(other) => other.origins.iter().collect(),
        }
    }

    /// `payload` as rules read it.
    pub(crate) fn for_rules(&self) -> Value {
        match self {
            Self::Dcc(dcc) => dcc::for_rules(dcc),
            Self::Other(other) => other.for_rules.clone(),
        }
    }

    /// The result of a test; `None` of other kinds.
    pub(crate) fn test(&self) -> Option<TestResult> {
        match self {
            Self::Dcc(dcc) => match &dcc.certificate {
                Certificate::Test(test) => {
                    Some(TestResult { code: test.result.clone(), sampled: test.sampled.clone() })
                }
                Certificate::Vaccinations(_) | Certificate::Recovery(_) => None,
            },
            Self::Other(other) => other.test.clone(),
        }
    }
}
