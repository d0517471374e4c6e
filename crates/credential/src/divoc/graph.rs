//! From an object to the canonical form of its graph (RDF Dataset Normalization 1.0, URDNA2015).
//!
//! Narrower than JSON-LD: only words of the context, each in its own place, one value each. What JSON-LD would leave
//! out of the graph (words that mean nothing, objects whose `id` is no IRI) is refused, since nobody signed it; so are
//! other ways to write the same graph (IRIs for words, lists, objects for values), since claims are read by word.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::terms::{Scope, TYPE, Term};
use crate::json;
use crate::refusal::Refusal;

const BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
const INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";

/// Schemes that an `id` can begin with: none is a prefix in the contexts, which would make it another IRI.
const SCHEMES: &[&str] = &["did:", "https://", "http://", "urn:"];

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Iri(String),
    Blank(usize),
    /// The value and, where it is no text, its datatype.
    Literal(String, Option<&'static str>),
}

type Quad = (Node, &'static str, Node);

#[derive(Default)]
struct Graph {
    /// A graph is a set: what is said twice is said once.
    quads: BTreeSet<Quad>,
    blanks: usize,
    ids: BTreeSet<String>,
}

/// The graph of this object as canonical N-Quads.
pub(super) fn canonical(object: &Map<String, Value>, scope: &Scope) -> Result<String, Refusal> {
    let mut graph = Graph::default();
    graph.add(object, scope, "")?;
    graph.canonical()
}

impl Graph {
    /// An object's node, with everything that it says.
    fn add(&mut self, object: &Map<String, Value>, scope: &Scope, path: &str) -> Result<Node, Refusal> {
        let node = match object.get("id").filter(|_| scope.named) {
            Some(id) => self.named(id, path)?,
            None => {
                self.blanks += 1;
                Node::Blank(self.blanks - 1)
            }
        };
        self.add_types(object, scope, &node, path)?;
        for (word, value) in object {
            let known = |(name, term): &&(&str, Term)| name == word && written(term, value);
            let field = || if path.is_empty() { word.clone() } else { format!("{path}.{word}") };
            match scope.terms.iter().find(known) {
                Some((_, term)) => self.add_value(&node, term, value, field())?,
                None if scope.named && word == "id" || !scope.types.is_empty() && word == "type" => {}
                None => return Err(wrong(field(), "not signed: a word that its context does not define")),
            }
        }
        Ok(node)
    }

    fn named(&mut self, id: &Value, path: &str) -> Result<Node, Refusal> {
        let fault = |fault| Err(wrong(format!("{path}.id"), fault));
        match id.as_str().and_then(iri) {
            None => fault("not signed: no IRI, so that it leaves out all that the object says"),
            Some(id) if !self.ids.insert(id.to_owned()) => fault("the same as another's"),
            Some(id) => Ok(Node::Iri(id.to_owned())),
        }
    }

    /// Exactly the types of this place: with others, words would mean something else.
    fn add_types(
        &mut self,
        object: &Map<String, Value>,
        scope: &Scope,
        node: &Node,
        path: &str,
    ) -> Result<(), Refusal> {
        let said = match object.get("type") {
            Some(Value::Array(types)) => types.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let said_once = |(name, _): &(&str, &str)| said.iter().any(|other| other == name);
        let expected = said.len() == scope.types.len() && scope.types.iter().all(said_once);
        if !scope.types.is_empty() && !expected {
            return Err(wrong(format!("{path}.type"), "not the type that stands here"));
        }
        self.quads
            .extend(scope.types.iter().map(|(_, iri)| (node.clone(), TYPE, Node::Iri((*iri).to_owned()))));
        Ok(())
    }

    fn add_value(&mut self, node: &Node, term: &Term, value: &Value, field: String) -> Result<(), Refusal> {
        let (predicate, object) = match (term, value) {
            // JSON-LD has nothing to say of what is null.
            (_, Value::Null) => return Ok(()),
            (Term::Plain(predicate), value) => {
                (*predicate, plain(value).ok_or_else(|| wrong(field, "no plain value"))?)
            }
            (Term::Time(predicate), Value::String(time)) => {
                (*predicate, Node::Literal(time.clone(), Some(DATE_TIME)))
            }
            (Term::Iri(predicate), Value::String(text)) => {
                (*predicate, Node::Iri(iri(text).ok_or_else(|| wrong(field, "no IRI"))?.to_owned()))
            }
            (Term::Word(predicate, _, meaning), _) => (*predicate, Node::Iri((*meaning).to_owned())),
            (Term::Node(predicate, scope), Value::Object(object)) => {
                (*predicate, self.add(object, scope, &field)?)
            }
            (Term::Node(predicate, scope), Value::Array(one)) => match one.as_slice() {
                [Value::Object(object)] => (*predicate, self.add(object, scope, &field)?),
                [_] => return Err(wrong(field, "no value of its kind")),
                none_or_more => return Err(Refusal::NotOneCertificate { count: none_or_more.len() }),
            },
            _ => return Err(wrong(field, "no value of its kind")),
        };
        self.quads.insert((node.clone(), predicate, object));
        Ok(())
    }

    /// Nodes without an IRI get names by what is said with them (§4.4.2, steps 1 to 5). Two of which the same is said
    /// would take the algorithm's longer half: no credential has such.
    fn canonical(&self) -> Result<String, Refusal> {
        let mut order: Vec<_> = (0..self.blanks).map(|blank| (self.hash(blank), blank)).collect();
        order.sort();
        if order.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(wrong(String::new(), "two objects that nothing tells apart"));
        }
        let place = |blank| order.iter().position(|(_, other)| *other == blank).unwrap_or_default();
        Ok(lines(&self.quads, |blank| format!("c14n{}", place(blank))))
    }

    /// Hash First Degree Quads (§4.6): of all that is said with this node, other nodes without an IRI being nobody.
    fn hash(&self, blank: usize) -> [u8; 32] {
        let own = Node::Blank(blank);
        let said = self.quads.iter().filter(|(subject, _, object)| *subject == own || *object == own);
        Sha256::digest(lines(said, |other| if other == blank { "a" } else { "z" }.to_owned())).into()
    }
}

fn lines<'q>(quads: impl IntoIterator<Item = &'q Quad>, name: impl Fn(usize) -> String) -> String {
    let line = |(subject, predicate, object): &Quad| {
        format!("{} <{predicate}> {} .\n", term(subject, &name), term(object, &name))
    };
    let mut lines: Vec<String> = quads.into_iter().map(line).collect();
    lines.sort();
    lines.concat()
}

/// In N-Quads (§A.1: only what must be escaped is).
fn term(node: &Node, name: impl Fn(usize) -> String) -> String {
    match node {
        Node::Iri(iri) => format!("<{iri}>"),
        Node::Blank(blank) => format!("_:{}", name(*blank)),
        Node::Literal(value, datatype) => {
            let mut text = String::with_capacity(value.len() + 2);
            text.push('"');
            for c in value.chars() {
                match c {
                    '\\' => text.push_str("\\\\"),
                    '"' => text.push_str("\\\""),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    other => text.push(other),
                }
            }
            text.push('"');
            if let Some(datatype) = datatype {
                // safe: writing to a String does not fail
                let _ = write!(text, "^^<{datatype}>");
            }
            text
        }
    }
}

/// Numbers as JSON-LD writes whole ones; the others have no one form.
fn plain(value: &Value) -> Option<Node> {
    match value {
        Value::String(text) => Some(Node::Literal(text.clone(), None)),
        Value::Bool(truth) => Some(Node::Literal(truth.to_string(), Some(BOOLEAN))),
        Value::Number(_) => Some(Node::Literal(json::integer(value)?.to_string(), Some(INTEGER))),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An absolute IRI that stays within its angle brackets. Blanks in it are none of RFC 3987, but certificates have them.
fn iri(text: &str) -> Option<&str> {
    let scheme = SCHEMES.iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    let inside =
        |c: char| !c.is_control() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\');
    (scheme && text.chars().all(inside)).then_some(text)
}

/// Of terms that share a word, which one this is.
fn written(term: &Term, value: &Value) -> bool {
    !matches!(term, Term::Word(_, word, _) if value != word)
}

fn wrong(field: String, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field, fault }
}

#[cfg(test)]
mod tests;
