//! What is wrong with an expression, and its compiled form where nothing is.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::datetime::Unit;
use crate::expression::{Comparison, Fragment, Node};
use crate::item::{is_integer, nearest_integer};
use crate::{MAX_DEPTH, MAX_ISSUES};

/// What is wrong with a part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue<'a> {
    /// The part: a literal or a whole operation.
    pub expr: &'a Value,
    /// What is wrong with it, in one line.
    pub message: String,
}

/// Everything that is wrong with the form of an expression, from left to right; the first
/// [`MAX_ISSUES`] of it. Nothing is wrong with what comes to an empty list. The types of
/// operands show only when they are evaluated (CertLogic 1.3.3, "Introduction").
pub fn validate(expr: &Value) -> Vec<Issue<'_>> {
    let mut reader = Reader::default();
    reader.node(expr);
    reader.issues
}

/// Reads an expression.
#[derive(Default)]
pub(crate) struct Reader<'a> {
    pub(crate) issues: Vec<Issue<'a>>,
    /// The paths met so far that lead through all data; those through a lambda's own are left out.
    pub(crate) fields: BTreeSet<String>,
    lambdas: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Compiles a part of an expression; `None` when something is wrong with it.
    pub(crate) fn node(&mut self, expr: &'a Value) -> Option<Node> {
        match expr {
            Value::String(_) | Value::Bool(_) => Some(Node::Literal(expr.clone())),
            Value::Number(number) if is_integer(number) => Some(Node::Literal(expr.clone())),
            Value::Number(number) => self.issue(expr, format!("{number} is a non-integer number")),
            Value::Null => self.issue(expr, "invalid CertLogic expression"),
            Value::Array(_) | Value::Object(_) if self.depth == MAX_DEPTH => {
                self.issue(expr, format!("expression of more than {MAX_DEPTH} levels"))
            }
            Value::Array(items) => self.deeper(|reader| reader.list(items)),
            Value::Object(map) => self.deeper(|reader| reader.operation(expr, map)),
        }
    }

    fn issue<T>(&mut self, expr: &'a Value, message: impl Into<String>) -> Option<T> {
        if self.issues.len() < MAX_ISSUES {
            self.issues.push(Issue { expr, message: message.into() });
        }
        None
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn list(&mut self, items: &'a [Value]) -> Option<Node> {
        let nodes = self.nodes(items)?;
        // Country lists and the like: nothing is left to evaluate.
        Some(if nodes.iter().all(|node| matches!(node, Node::Literal(_))) {
            Node::Literal(nodes.into_iter().filter_map(Node::into_literal).collect())
        } else {
            Node::List(nodes)
        })
    }

    /// Reads all of them, even when something is wrong with the first.
    fn nodes(&mut self, exprs: &'a [Value]) -> Option<Vec<Node>> {
        let nodes: Vec<_> = exprs.iter().map(|expr| self.node(expr)).collect();
        nodes.into_iter().collect()
    }

    fn operation(&mut self, expr: &'a Value, map: &'a Map<String, Value>) -> Option<Node> {
        let mut entries = map.iter();
        let (Some((operator, operands)), None) = (entries.next(), entries.next()) else {
            let count = map.len();
            return self
                .issue(expr, format!("expression object must have exactly one key, but it has {count}"));
        };
        match operands {
            _ if operator == "var" => self.var(expr, operands),
            Value::Array(operands) => self.operator(expr, operator, operands),
            _ => self.issue(expr, r#"operation not of the form { "<operator>": [ <values...> ] }"#),
        }
    }

    fn operator(&mut self, expr: &'a Value, operator: &str, operands: &'a [Value]) -> Option<Node> {
        if let Some(comparison) = Comparison::of(operator) {
            let operands = self.operands(expr, operator, operands, 2, 3)?;
            return Some(Node::Compare(comparison, operands));
        }
        match operator {
            "if" => self.fixed(expr, operator, operands).map(|parts| Node::If(Box::new(parts))),
            "and" => self.operands(expr, operator, operands, 2, usize::MAX).map(Node::And),
            "===" => self.fixed(expr, operator, operands).map(|pair| Node::Equal(Box::new(pair))),
            "in" => self.fixed(expr, operator, operands).map(|pair| Node::In(Box::new(pair))),
            "+" => self.fixed(expr, operator, operands).map(|pair| Node::Plus(Box::new(pair))),
            "!" => self.fixed(expr, operator, operands).map(|[operand]| Node::Not(Box::new(operand))),
            "reduce" => self.reduce(expr, operands),
            "plusTime" => self.plus_time(expr, operands),
            "dccDateOfBirth" => {
                self.fixed(expr, operator, operands).map(|[operand]| Node::DateOfBirth(Box::new(operand)))
            }
            "extractFromUVCI" => self.extract(expr, operands),
            _ => self.issue(expr, format!("unrecognised operator: \"{operator}\"")),
        }
    }

    fn var(&mut self, expr: &'a Value, path: &'a Value) -> Option<Node> {
        let Value::String(path) = path else {
            return self.issue(expr, r#"not of the form { "var": "<path>" }"#);
        };
        if !path.is_empty() && path.split('.').any(str::is_empty) {
            return self.issue(expr, format!("data access path doesn't have a valid format: {path}"));
        }
        self.fields.extend(self.of_the_data(path).map(str::to_owned));
        let fragments = path.split('.').filter(|fragment| !fragment.is_empty());
        Some(Node::Var(fragments.map(Fragment::new).collect()))
    }

    /// The part of a path that leads through all data: within lambdas, what comes after as many `data`.
    fn of_the_data<'p>(&self, path: &'p str) -> Option<&'p str> {
        (0..self.lambdas).try_fold(path, |path, _| match path.strip_prefix("data")? {
            "" => Some(""),
            below => below.strip_prefix('.'),
        })
    }

    /// Operands of which there must be at least and at the most so many.
    fn operands(
        &mut self,
        expr: &'a Value,
        operator: &str,
        operands: &'a [Value],
        least: usize,
        most: usize,
    ) -> Option<Vec<Node>> {
        let counted = self.count(expr, operator, operands, least, most);
        let nodes = self.nodes(&operands[..operands.len().min(most)]);
        counted.and(nodes)
    }

    fn count(
        &mut self,
        expr: &'a Value,
        operator: &str,
        operands: &[Value],
        least: usize,
        most: usize,
    ) -> Option<()> {
        let count = operands.len();
        if (least..=most).contains(&count) {
            return Some(());
        }
        let wanted = match most {
            usize::MAX => format!("at least {least}"),
            _ if most == least => format!("exactly {least}"),
            _ => format!("{least} or {most}"),
        };
        let noun = if most == 1 { "operand" } else { "operands" };
        self.issue(expr, format!("operation \"{operator}\" must have {wanted} {noun}, but it has {count}"))
    }

    /// Operands of which there must be exactly so many.
    fn fixed<const N: usize>(
        &mut self,
        expr: &'a Value,
        operator: &str,
        operands: &'a [Value],
    ) -> Option<[Node; N]> {
        self.operands(expr, operator, operands, N, N)?.try_into().ok()
    }

    fn reduce(&mut self, expr: &'a Value, operands: &'a [Value]) -> Option<Node> {
        let counted = self.count(expr, "reduce", operands, 3, 3);
        let operand = self.nth(operands, 0);
        self.lambdas += 1;
        let lambda = self.nth(operands, 1);
        self.lambdas -= 1;
        let initial = self.nth(operands, 2);
        counted?;
        Some(Node::Reduce(Box::new([operand?, lambda?, initial?])))
    }

    fn plus_time(&mut self, expr: &'a Value, operands: &'a [Value]) -> Option<Node> {
        let counted = self.count(expr, "plusTime", operands, 3, 3);
        let operand = self.nth(operands, 0);
        let amount = self.amount(expr, operands, "\"plusTime\": operand 2, the amount, must be an integer");
        let unit = operands.get(2).and_then(|unit| {
            let unit = unit.as_str().and_then(Unit::named);
            let message =
                "\"plusTime\": operand 3, the unit, must be one of \"year\", \"month\", \"day\", \"hour\"";
            unit.or_else(|| self.issue(expr, message))
        });
        counted?;
        Some(Node::PlusTime(Box::new(operand?), amount?, unit?))
    }

    fn extract(&mut self, expr: &'a Value, operands: &'a [Value]) -> Option<Node> {
        let counted = self.count(expr, "extractFromUVCI", operands, 2, 2);
        let operand = self.nth(operands, 0);
        let index =
            self.amount(expr, operands, "\"extractFromUVCI\": operand 2, the index, must be an integer");
        counted?;
        Some(Node::Extract(Box::new(operand?), index?))
    }

    fn nth(&mut self, operands: &'a [Value], index: usize) -> Option<Node> {
        operands.get(index).and_then(|operand| self.node(operand))
    }

    /// The second operand where it must be a literal integer.
    fn amount(&mut self, expr: &'a Value, operands: &[Value], message: &str) -> Option<i64> {
        match operands.get(1)? {
            Value::Number(number) if is_integer(number) => Some(nearest_integer(number)),
            _ => self.issue(expr, message),
        }
    }
}
