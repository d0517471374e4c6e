//! Evaluation, an operation a function (CertLogic 1.3.3, "Operations").

use crate::Error;
use crate::budget::Budget;
use crate::datetime::{DateTime, Unit};
use crate::expression::{Comparison, Fragment, Node};
use crate::item::Item;

type Evaluated<'a> = Result<Item<'a>, Error>;

/// One evaluation. It goes as deep as the expression is nested, which parsing bounds.
pub(crate) struct Evaluation {
    pub(crate) budget: Budget,
}

impl Evaluation {
    pub(crate) fn new(budget: Budget) -> Self {
        Self { budget }
    }

    /// Evaluates a part of an expression over this data.
    pub(crate) fn item<'a>(&mut self, node: &'a Node, data: &Item<'a>) -> Evaluated<'a> {
        self.budget.spend(1)?;
        match node {
            Node::Literal(value) => Ok(Item::Json(value)),
            Node::List(nodes) => Item::list(self.items(nodes, data)?),
            Node::Var(path) => self.access(path, data),
            Node::If(parts) => self.choice(parts, data),
            Node::And(operands) => self.and(operands, data),
            Node::Compare(comparison, operands) => self.compare(*comparison, operands, data),
            Node::Equal(operands) => self.equal(operands, data),
            Node::In(operands) => self.is_in(operands, data),
            Node::Plus(operands) => self.plus(operands, data),
            Node::Not(operand) => self.not(operand, data),
            Node::Reduce(parts) => self.reduce(parts, data),
            Node::PlusTime(operand, amount, unit) => self.plus_time(operand, *amount, *unit, data),
            Node::DateOfBirth(operand) => self.date_of_birth(operand, data),
            Node::Extract(operand, index) => self.extract(operand, *index, data),
        }
    }

    /// Goes down a path; null where there is nothing (section "Data access (`var`)").
    fn access<'a>(&mut self, path: &[Fragment], data: &Item<'a>) -> Evaluated<'a> {
        let mut at = data.clone();
        for fragment in path {
            self.budget.spend_bytes(fragment.key.len())?;
            let below = match fragment.index {
                Some(index) if at.elements().is_some() => at.element(index),
                _ => at.entry(&fragment.key),
            };
            match below {
                Some(below) => at = below,
                None => return Ok(Item::null()),
            }
        }
        Ok(at)
    }

    fn items<'a>(&mut self, nodes: &'a [Node], data: &Item<'a>) -> Result<Vec<Item<'a>>, Error> {
        nodes.iter().map(|node| self.item(node, data)).collect()
    }

    fn choice<'a>(&mut self, [guard, then, otherwise]: &'a [Node; 3], data: &Item<'a>) -> Evaluated<'a> {
        let guard = self.item(guard, data)?;
        self.item(if truth("if", &guard)? { then } else { otherwise }, data)
    }

    /// The first falsy operand, or the last.
    fn and<'a>(&mut self, operands: &'a [Node], data: &Item<'a>) -> Evaluated<'a> {
        let mut last = Item::Bool(true);
        for operand in operands {
            last = self.item(operand, data)?;
            if !truth("and", &last)? {
                break;
            }
        }
        Ok(last)
    }

    fn compare<'a>(&mut self, how: Comparison, operands: &'a [Node], data: &Item<'a>) -> Evaluated<'a> {
        let operator = how.operator;
        let items = self.items(operands, data)?;
        let holds = if how.of_times {
            let times = all(&items, operator, "date-times", Item::time)?;
            times.is_sorted_by(|a, b| how.order.holds(a, b))
        } else {
            let integers = all(&items, operator, "integers", Item::integer)?;
            integers.is_sorted_by(|a, b| how.order.holds(a, b))
        };
        Ok(Item::Bool(holds))
    }

    fn equal<'a>(&mut self, [a, b]: &'a [Node; 2], data: &Item<'a>) -> Evaluated<'a> {
        let (a, b) = (self.item(a, data)?, self.item(b, data)?);
        Ok(Item::Bool(a.same(&b, &mut self.budget)?))
    }

    /// Nothing is in null: the specification makes it an error, cases that its test suite skips say false.
    fn is_in<'a>(&mut self, [member, array]: &'a [Node; 2], data: &Item<'a>) -> Evaluated<'a> {
        let (member, array) = (self.item(member, data)?, self.item(array, data)?);
        if array.is_null() {
            return Ok(Item::Bool(false));
        }
        let count = array.elements().ok_or_else(|| wants("in", "an array to look in", &array))?;
        for element in (0..count).filter_map(|index| array.element(index)) {
            if member.same(&element, &mut self.budget)? {
                return Ok(Item::Bool(true));
            }
        }
        Ok(Item::Bool(false))
    }

    fn plus<'a>(&mut self, operands: &'a [Node; 2], data: &Item<'a>) -> Evaluated<'a> {
        let items = self.items(operands, data)?;
        let mut integers = all(&items, "+", "integers", Item::integer)?.into_iter();
        let sum = integers.try_fold(0_i64, i64::checked_add);
        sum.map(Item::Integer).ok_or(Error::OutOfRange { operation: "+" })
    }

    fn not<'a>(&mut self, operand: &'a Node, data: &Item<'a>) -> Evaluated<'a> {
        let operand = self.item(operand, data)?;
        Ok(Item::Bool(!truth("!", &operand)?))
    }

    /// A left fold; null is taken for an empty array, as the test suite has it. The lambda also sees the data
    /// around it as `data`: the specification has no such name, cases that its test suite skips do.
    fn reduce<'a>(&mut self, [operand, lambda, initial]: &'a [Node; 3], data: &Item<'a>) -> Evaluated<'a> {
        let operand = self.item(operand, data)?;
        let mut accumulator = self.item(initial, data)?;
        if operand.is_null() {
            return Ok(accumulator);
        }
        let count = operand.elements().ok_or_else(|| wants("reduce", "an array", &operand))?;
        for current in (0..count).filter_map(|index| operand.element(index)) {
            let step = Item::step(current, accumulator, data)?;
            accumulator = self.item(lambda, &step)?;
        }
        Ok(accumulator)
    }

    fn plus_time<'a>(
        &mut self,
        operand: &'a Node,
        amount: i64,
        unit: Unit,
        data: &Item<'a>,
    ) -> Evaluated<'a> {
        const NAME: &str = "plusTime";
        let item = self.item(operand, data)?;
        let text = self.date_text(NAME, &item)?;
        let time = DateTime::parse(text).ok_or_else(|| Error::not_a_date(NAME, text))?;
        time.plus(amount, unit).map(Item::Time).ok_or(Error::OutOfRange { operation: NAME })
    }

    fn date_of_birth<'a>(&mut self, operand: &'a Node, data: &Item<'a>) -> Evaluated<'a> {
        const NAME: &str = "dccDateOfBirth";
        let item = self.item(operand, data)?;
        let text = self.date_text(NAME, &item)?;
        DateTime::of_birth(text).map(Item::Time).ok_or_else(|| Error::not_a_date(NAME, text))
    }

    fn date_text<'a>(&mut self, operation: &'static str, item: &Item<'a>) -> Result<&'a str, Error> {
        let text = item.text().ok_or_else(|| wants(operation, "a string", item))?;
        self.budget.spend_bytes(text.len())?;
        Ok(text)
    }

    /// The fragment of a UCI with this index, or null. It is only split, never checked.
    fn extract<'a>(&mut self, operand: &'a Node, index: i64, data: &Item<'a>) -> Evaluated<'a> {
        let item = self.item(operand, data)?;
        if item.is_null() {
            return Ok(item);
        }
        let text = item.text().ok_or_else(|| wants("extractFromUVCI", "a string or null", &item))?;
        self.budget.spend_bytes(text.len())?;
        let fragments = text.strip_prefix("URN:UVCI:").unwrap_or(text);
        let nth = |index| fragments.split(['/', '#', ':']).nth(index);
        Ok(usize::try_from(index).ok().and_then(nth).map_or(Item::null(), Item::Text))
    }
}

/// Whether an item is truthy; an error when it is neither truthy nor falsy.
fn truth(operation: &'static str, item: &Item<'_>) -> Result<bool, Error> {
    item.truth().ok_or_else(|| wants(operation, "something truthy or falsy", item))
}

/// All items as what the operation wants.
fn all<'a, T>(
    items: &[Item<'a>],
    operation: &'static str,
    what: &'static str,
    as_wanted: impl Fn(&Item<'a>) -> Option<T>,
) -> Result<Vec<T>, Error> {
    items.iter().map(|item| as_wanted(item).ok_or_else(|| wants(operation, what, item))).collect()
}

fn wants(operation: &'static str, wants: &'static str, item: &Item<'_>) -> Error {
    Error::Operand { operation, wants, got: item.kind() }
}
