//! Values while an expression is evaluated: borrowed from the data and the expression as far as
//! possible. `+` adds integers only and `extractFromUVCI` takes a part of a text, so no text is
//! ever made; lists are shared, not copied.

use std::rc::Rc;

use serde_json::{Map, Number, Value};

use crate::budget::Budget;
use crate::datetime::DateTime;
use crate::{Error, MAX_DEPTH};

/// Data that an expression is evaluated over, borrowed: what is large and lasts (value sets) is not
/// copied to stand beside what is new (a certificate).
#[derive(Clone, Copy, Debug)]
pub enum Data<'a> {
    /// A value.
    Value(&'a Value),
    /// An object of these entries, each name once.
    Object(&'a [(&'a str, Data<'a>)]),
}

/// A value, cheap to clone.
#[derive(Clone)]
pub(crate) enum Item<'a> {
    Json(&'a Value),
    Object(&'a [(&'a str, Data<'a>)]),
    Text(&'a str),
    Bool(bool),
    Integer(i64),
    Time(DateTime),
    List(Rc<List<'a>>),
    Step(Rc<Step<'a>>),
}

/// An array that an expression made.
pub(crate) struct List<'a> {
    items: Vec<Item<'a>>,
    depth: usize,
}

/// The data of a `reduce` lambda: `{ "current": …, "accumulator": … }`, and the data around the lambda, which
/// only its name leads to: the whole is what the specification says.
pub(crate) struct Step<'a> {
    current: Item<'a>,
    accumulator: Item<'a>,
    around: Item<'a>,
    depth: usize,
}

/// A value as it is compared, copied and named.
enum View<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// Non-integer, or beyond 64 bits.
    Number(&'a Number),
    Text(&'a str),
    Time(DateTime),
    List,
    Object,
}

static NULL: Value = Value::Null;

impl<'a> From<Data<'a>> for Item<'a> {
    fn from(data: Data<'a>) -> Self {
        match data {
            Data::Value(value) => Self::Json(value),
            Data::Object(entries) => Self::Object(entries),
        }
    }
}

impl<'a> Item<'a> {
    pub(crate) fn null() -> Self {
        Self::Json(&NULL)
    }

    /// An array of these. What is nested without bound could not be dropped or written out.
    pub(crate) fn list(items: Vec<Self>) -> Result<Self, Error> {
        let depth = deeper(items.iter().map(Self::depth).max().unwrap_or(0))?;
        Ok(Self::List(Rc::new(List { items, depth })))
    }

    /// The data of one step of a `reduce` over this data.
    pub(crate) fn step(current: Self, accumulator: Self, around: &Self) -> Result<Self, Error> {
        let depth = deeper(current.depth().max(accumulator.depth()).max(around.depth()))?;
        Ok(Self::Step(Rc::new(Step { current, accumulator, around: around.clone(), depth })))
    }

    /// Whether it is truthy; `None` for what is neither truthy nor falsy: date-times, and numbers
    /// that are no integers (section "Truthy and falsy values").
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.view() {
            View::Null => Some(false),
            View::Bool(value) => Some(value),
            View::Integer(value) => Some(value != 0),
            View::Number(number) => is_integer(number).then_some(true),
            View::Text(text) => Some(!text.is_empty()),
            View::Time(_) => None,
            View::List => Some(self.elements() != Some(0)),
            View::Object => Some(self.entries() != 0),
        }
    }

    /// What it is, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self.view() {
            View::Null => "null",
            View::Bool(_) => "a boolean",
            View::Integer(_) => "an integer",
            View::Number(number) if is_integer(number) => "an integer beyond 64 bits",
            View::Number(_) => "a number that is no integer",
            View::Text(_) => "a string",
            View::Time(_) => "a date-time",
            View::List => "an array",
            View::Object => "an object",
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Json(Value::Null))
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        if let View::Integer(value) = self.view() { Some(value) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        if let View::Text(text) = self.view() { Some(text) } else { None }
    }

    pub(crate) fn time(&self) -> Option<DateTime> {
        if let Self::Time(time) = self { Some(*time) } else { None }
    }

    /// How many elements an array has.
    pub(crate) fn elements(&self) -> Option<usize> {
        match self {
            Self::Json(Value::Array(items)) => Some(items.len()),
            Self::List(list) => Some(list.items.len()),
            _ => None,
        }
    }

    /// An element of an array.
    pub(crate) fn element(&self, index: usize) -> Option<Self> {
        match self {
            Self::Json(Value::Array(items)) => items.get(index).map(Self::Json),
            Self::List(list) => list.items.get(index).cloned(),
            _ => None,
        }
    }

    /// The value of an object's key.
    pub(crate) fn entry(&self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::Json(Value::Object(map)), _) => map.get(key).map(Self::Json),
            (Self::Object(entries), _) => {
                entries.iter().find(|(name, _)| *name == key).map(|(_, data)| (*data).into())
            }
            (Self::Step(step), "current") => Some(step.current.clone()),
            (Self::Step(step), "accumulator") => Some(step.accumulator.clone()),
            (Self::Step(step), "data") => Some(step.around.clone()),
            _ => None,
        }
    }

    /// Whether both are the same, without coercion. Arrays, objects and date-times are the same
    /// when their contents are; the specification leaves this open.
    pub(crate) fn same(&self, other: &Self, budget: &mut Budget) -> Result<bool, Error> {
        self.same_below(other, budget, 0)
    }

    /// As JSON that owns itself; a date-time as the text that ECMAScript writes.
    pub(crate) fn to_value(&self, budget: &mut Budget) -> Result<Value, Error> {
        self.to_value_below(budget, 0)
    }

    fn view(&self) -> View<'a> {
        match self {
            Self::Json(value) => match value {
                Value::Null => View::Null,
                Value::Bool(value) => View::Bool(*value),
                Value::Number(number) => integer(number).map_or(View::Number(number), View::Integer),
                Value::String(text) => View::Text(text),
                Value::Array(_) => View::List,
                Value::Object(_) => View::Object,
            },
            Self::Text(text) => View::Text(text),
            Self::Bool(value) => View::Bool(*value),
            Self::Integer(value) => View::Integer(*value),
            Self::Time(time) => View::Time(*time),
            Self::List(_) => View::List,
            Self::Step(_) | Self::Object(_) => View::Object,
        }
    }

    /// How many levels an expression made around what it borrowed.
    fn depth(&self) -> usize {
        match self {
            Self::List(list) => list.depth,
            Self::Step(step) => step.depth,
            _ => 0,
        }
    }

    /// How many entries an object has.
    fn entries(&self) -> usize {
        match self {
            Self::Json(Value::Object(map)) => map.len(),
            Self::Object(entries) => entries.len(),
            Self::Step(_) => 2,
            _ => 0,
        }
    }

    fn keys(&self) -> Vec<&str> {
        match self {
            Self::Json(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            Self::Object(entries) => entries.iter().map(|(name, _)| *name).collect(),
            Self::Step(_) => vec!["accumulator", "current"],
            _ => vec![],
        }
    }

    fn same_below(&self, other: &Self, budget: &mut Budget, depth: usize) -> Result<bool, Error> {
        budget.spend(1)?;
        match (self.view(), other.view()) {
            (View::Null, View::Null) => Ok(true),
            (View::Bool(a), View::Bool(b)) => Ok(a == b),
            (View::Integer(a), View::Integer(b)) => Ok(a == b),
            (View::Number(a), View::Number(b)) => Ok(a == b),
            (View::Time(a), View::Time(b)) => Ok(a == b),
            (View::Text(a), View::Text(b)) => {
                if a.len() == b.len() {
                    budget.spend_bytes(a.len())?;
                }
                Ok(a == b)
            }
            (View::List, View::List) => self.same_elements(other, budget, deeper(depth)?),
            (View::Object, View::Object) => self.same_entries(other, budget, deeper(depth)?),
            _ => Ok(false),
        }
    }

    fn same_elements(&self, other: &Self, budget: &mut Budget, depth: usize) -> Result<bool, Error> {
        if self.elements() != other.elements() {
            return Ok(false);
        }
        for index in 0..self.elements().unwrap_or(0) {
            let (Some(a), Some(b)) = (self.element(index), other.element(index)) else { return Ok(false) };
            if !a.same_below(&b, budget, depth)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn same_entries(&self, other: &Self, budget: &mut Budget, depth: usize) -> Result<bool, Error> {
        if self.entries() != other.entries() {
            return Ok(false);
        }
        budget.spend(self.entries())?;
        for key in self.keys() {
            budget.spend_bytes(key.len())?;
            let (Some(a), Some(b)) = (self.entry(key), other.entry(key)) else { return Ok(false) };
            if !a.same_below(&b, budget, depth)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn to_value_below(&self, budget: &mut Budget, depth: usize) -> Result<Value, Error> {
        budget.spend(1)?;
        Ok(match self.view() {
            View::Null => Value::Null,
            View::Bool(value) => Value::Bool(value),
            View::Integer(value) => Value::from(value),
            View::Number(number) => Value::Number(number.clone()),
            View::Text(text) => {
                budget.spend_bytes(text.len())?;
                Value::from(text)
            }
            View::Time(time) => Value::from(time.to_string()),
            View::List => self.to_array(budget, deeper(depth)?)?,
            View::Object => self.to_object(budget, deeper(depth)?)?,
        })
    }

    fn to_array(&self, budget: &mut Budget, depth: usize) -> Result<Value, Error> {
        let items = (0..self.elements().unwrap_or(0)).filter_map(|index| self.element(index));
        let values = items.map(|item| item.to_value_below(budget, depth));
        values.collect::<Result<Vec<_>, _>>().map(Value::Array)
    }

    fn to_object(&self, budget: &mut Budget, depth: usize) -> Result<Value, Error> {
        budget.spend(self.entries())?;
        let mut map = Map::new();
        for key in self.keys() {
            budget.spend_bytes(key.len())?;
            let value = self.entry(key).unwrap_or(Self::null());
            map.insert(key.to_owned(), value.to_value_below(budget, depth)?);
        }
        Ok(Value::Object(map))
    }
}

/// One level more, if that is allowed.
fn deeper(depth: usize) -> Result<usize, Error> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(Error::TooDeep) }
}

/// Whether a number is an integer, as ECMAScript sees it: `42.0` is one.
pub(crate) fn is_integer(number: &Number) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// A number that is an integer of 64 bits.
fn integer(number: &Number) -> Option<i64> {
    // The next float below this bound is an integer of 64 bits; the bound itself is not.
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    let float = |float: &f64| float.fract() == 0.0 && (-BOUND..BOUND).contains(float);
    number.as_i64().or_else(|| number.as_f64().filter(float).map(|float| float as i64))
}

/// The integer nearest to a number that is one: what lies beyond 64 bits becomes the last within.
pub(crate) fn nearest_integer(number: &Number) -> i64 {
    number.as_i64().unwrap_or_else(|| number.as_f64().unwrap_or(0.0) as i64)
}
