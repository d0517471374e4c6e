//! A compiled expression.

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::budget::Budget;
use crate::datetime::Unit;
use crate::evaluate::Evaluation;
use crate::item::Data;
use crate::validate::{Issue, Reader};
use crate::{Error, Invalid, MAX_STEPS};

/// A valid CertLogic expression.
#[derive(Clone, Debug)]
pub struct Expression {
    source: Value,
    root: Node,
    fields: BTreeSet<String>,
}

impl Expression {
    /// Validates and compiles an expression.
    ///
    /// # Errors
    /// What [`validate`](crate::validate) tells, where that is anything.
    pub fn parse(source: &Value) -> Result<Self, Vec<Issue<'_>>> {
        let mut reader = Reader::default();
        match reader.node(source) {
            Some(root) if reader.issues.is_empty() => {
                Ok(Self { source: source.clone(), root, fields: reader.fields })
            }
            _ => Err(reader.issues),
        }
    }

    /// Evaluates it over data, in at most [`MAX_STEPS`](crate::MAX_STEPS).
    /// A date-time comes out as ECMAScript writes it in JSON: `2021-06-23T00:00:00.000Z`.
    ///
    /// # Errors
    /// A type that an operation does not work on, a text that is no date, or too much work.
    pub fn evaluate(&self, data: &Value) -> Result<Value, Error> {
        let mut steps = MAX_STEPS;
        self.evaluate_within(Data::Value(data), &mut steps)
    }

    /// The same, in at most so many `steps`, which are taken from them: what bounds one judging by many rules.
    ///
    /// # Errors
    /// Those of [`Expression::evaluate`]; too much work where the steps are used up.
    pub fn evaluate_within(&self, data: Data<'_>, steps: &mut usize) -> Result<Value, Error> {
        let mut evaluation = Evaluation::new(Budget::of(*steps));
        let value =
            evaluation.item(&self.root, &data.into()).and_then(|item| item.to_value(&mut evaluation.budget));
        *steps = evaluation.budget.left();
        value
    }

    /// The data access paths that it may use, e.g. `payload.v.0.dn`; the empty path is the whole
    /// data. In `reduce`'s lambdas those count that begin with `data`, which is left out of them; the
    /// others lead through data of the lambda's own.
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }

    /// The expression as it was written.
    pub fn source(&self) -> &Value {
        &self.source
    }
}

impl FromStr for Expression {
    type Err = Invalid;

    /// Validates and compiles an expression in JSON text.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let source = serde_json::from_str(text).map_err(|error| Invalid::json(&error))?;
        Self::parse(&source).map_err(Invalid::from)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = Value::deserialize(deserializer)?;
        Self::parse(&source).map_err(|issues| serde::de::Error::custom(Invalid::from(issues)))
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.source.serialize(serializer)
    }
}

/// A part of an expression.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Literal(Value),
    List(Vec<Node>),
    /// A path; without fragments, the whole data.
    Var(Vec<Fragment>),
    /// Guard, then, else.
    If(Box<[Node; 3]>),
    And(Vec<Node>),
    /// Two or three operands.
    Compare(Comparison, Vec<Node>),
    Equal(Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    Plus(Box<[Node; 2]>),
    Not(Box<Node>),
    /// Operand, lambda, initial.
    Reduce(Box<[Node; 3]>),
    PlusTime(Box<Node>, i64, Unit),
    DateOfBirth(Box<Node>),
    /// Operand and index.
    Extract(Box<Node>, i64),
}

impl Node {
    pub(crate) fn into_literal(self) -> Option<Value> {
        if let Self::Literal(value) = self { Some(value) } else { None }
    }
}

/// A part of a data access path.
#[derive(Clone, Debug)]
pub(crate) struct Fragment {
    pub(crate) key: String,
    /// What it means to an array.
    pub(crate) index: Option<usize>,
}

impl Fragment {
    pub(crate) fn new(key: &str) -> Self {
        // `parse` alone would take a plus sign too.
        let digits = key.bytes().all(|byte| byte.is_ascii_digit());
        Self { key: key.to_owned(), index: if digits { key.parse().ok() } else { None } }
    }
}

/// A comparison operator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    pub(crate) operator: &'static str,
    /// Of date-times; otherwise of integers.
    pub(crate) of_times: bool,
    pub(crate) order: Order,
}

/// What must hold from each operand to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison of this operator.
    pub(crate) fn of(operator: &str) -> Option<Self> {
        const ALL: [(&str, bool, Order); 8] = [
            ("<", false, Order::Less),
            ("<=", false, Order::LessOrEqual),
            (">", false, Order::Greater),
            (">=", false, Order::GreaterOrEqual),
            ("before", true, Order::Less),
            ("not-after", true, Order::LessOrEqual),
            ("after", true, Order::Greater),
            ("not-before", true, Order::GreaterOrEqual),
        ];
        let (operator, of_times, order) = ALL.into_iter().find(|(name, _, _)| *name == operator)?;
        Some(Self { operator, of_times, order })
    }
}

impl Order {
    pub(crate) fn holds<T: Ord>(self, a: T, b: T) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterOrEqual => a >= b,
        }
    }
}
