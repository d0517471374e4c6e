//! A repository at an address. What comes from there is verified like what comes on a stick.

use std::time::Duration;

use trust::Error;
use trust::source::{ARCHIVE_MAX, Archive, Folder, Source};

use crate::exit::Failure;

/// How long one connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// How long one file may take in all. Slow lines carry 64 MB in it at 2 Mbit/s.
const FILE: Duration = Duration::from_secs(300);

/// The repository at `place`: a folder, a zip file, or the address of either (`https://…`).
pub fn open(place: &str) -> Result<Box<dyn Source>, Failure> {
    if !place.contains("://") {
        let path = std::path::Path::new(place);
        std::fs::metadata(path).map_err(Failure::file(path))?;
        return Ok(if path.is_dir() { Box::new(Folder::new(path)) } else { trust::source::open(path)? });
    }
    let web = Web::new(place)?;
    if !place.ends_with(".zip") {
        return Ok(Box::new(web));
    }
    let zip = web.fetch(place, ARCHIVE_MAX)?;
    Ok(Box::new(Archive::new(
        zip.ok_or_else(|| Failure::new(format!("{place}: nothing is there; check the address")))?,
    )?))
}

struct Web {
    base: String,
    agent: ureq::Agent,
}

impl Web {
    fn new(address: &str) -> Result<Self, Failure> {
        let lower = address.to_ascii_lowercase();
        if !lower.starts_with("https://") && !lower.strip_prefix("http://").is_some_and(is_here) {
            return Err(Failure::new(format!(
                "{address}: only https:// is fetched, and http:// from this machine itself"
            )));
        }
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(FILE))
            // Whoever publishes says where: an answer must not lead to places that nobody named.
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Ok(Self { base: address.trim_end_matches('/').to_owned(), agent: config.into() })
    }

    fn fetch(&self, address: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        let failed = |reason: String| Error::Fetch { from: address.to_owned(), reason };
        let mut answer = self.agent.get(address).call().map_err(|error| failed(error.to_string()))?;
        match answer.status().as_u16() {
            200 => {}
            404 | 410 => return Ok(None),
            status => return Err(failed(format!("the server answers with status {status}"))),
        }
        // One byte more shows that there is more.
        match answer.body_mut().with_config().limit(limit as u64 + 1).read_to_vec() {
            Ok(bytes) if bytes.len() <= limit => Ok(Some(bytes)),
            Ok(_) | Err(ureq::Error::BodyExceedsLimit(_)) => {
                Err(trust::Refusal::TooLarge { name: address.to_owned(), limit }.into())
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

impl Source for Web {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        self.fetch(&format!("{}/{name}", self.base), limit)
    }
}

/// Whether the host of an address, after its scheme, is this machine.
fn is_here(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.strip_prefix("[::1]").map_or_else(|| authority.split(':').next(), |_| Some("[::1]"));
    !authority.contains('@') && matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Answers as many requests as there are answers, and tells its address.
    fn serve(answers: Vec<Vec<u8>>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]);
                // A client that has read enough hangs up.
                let _ = stream.write_all(&answer);
            }
        });
        address
    }

    fn answer(status: &str, body: &[u8]) -> Vec<u8> {
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }

    #[test]
    fn only_https_and_this_machine_are_reached_for() {
        let bad = [
            "http://example.org/keys",
            "http://localhost@example.org/",
            "http://localhost.example.org/",
            "http://127.0.0.1.example.org/",
            "ftp://localhost/keys",
            "file:///etc/passwd",
        ];
        for address in bad {
            let told = open(address).err().unwrap().to_string();
            assert!(told.contains("only https://"), "{address}: {told}");
        }
        for address in
            ["https://example.org/keys", "http://localhost:1/", "http://[::1]:1/keys", "HTTPS://example.org"]
        {
            assert!(Web::new(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn files_are_read_up_to_their_limit_and_missing_ones_are_missing() {
        let moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let endless =
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".iter().copied().chain([b'x'; 100_000]).collect();
        let address = serve(vec![
            answer("200 OK", b"{}"),
            answer("404 Not Found", b"no"),
            answer("200 OK", &[b'x'; 11]),
            endless,
            answer("500 Internal Server Error", b""),
            moved.to_vec(),
        ]);
        let web = Web::new(&address).unwrap();
        assert_eq!(web.read("timestamp.json", 10).unwrap().unwrap(), b"{}");
        assert!(web.read("2.root.json", 10).unwrap().is_none());
        for _ in 0..2 {
            let told = web.read("timestamp.json", 10).unwrap_err().to_string();
            assert!(told.contains("is over 10 bytes"), "{told}");
        }
        for expected in ["status 500", "cannot fetch"] {
            let told = web.read("timestamp.json", 10).unwrap_err().to_string();
            assert!(told.contains(expected), "{told}");
        }
        let told = web.read("timestamp.json", 10).unwrap_err().to_string();
        assert!(told.contains("check the address and the network"), "{told}");
    }
}
