//! Which columns there are.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{Type, TypePtr};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A whole number.
    Number,
    /// Microseconds UTC since 1970.
    Time,
    /// A short `snake_case` word.
    Word,
    /// Yes or no.
    Flag,
    /// 32 bytes.
    Hash,
}

/// The columns of an entry, in their order. Only `index` is never null: an entry whose content was erased has nothing
/// else.
pub const COLUMNS: [(&str, Holds); 12] = [
    ("index", Holds::Number),
    ("at", Holds::Time),
    ("at_seconds", Holds::Number),
    ("outcome", Holds::Word),
    ("reason", Holds::Word),
    ("stage", Holds::Word),
    ("kind", Holds::Word),
    ("operator", Holds::Number),
    ("demo", Holds::Flag),
    ("key_set_version", Holds::Number),
    ("person", Holds::Hash),
    ("identity", Holds::Hash),
];

/// The columns behind them that prove an entry; `leaf` is never null.
pub const PROOF_COLUMNS: [(&str, Holds); 2] = [("salt", Holds::Hash), ("leaf", Holds::Hash)];

/// The schema of a file.
pub fn schema(with_proof: bool) -> TypePtr {
    let proof = if with_proof { PROOF_COLUMNS.as_slice() } else { &[] };
    let columns = COLUMNS.iter().chain(proof).map(|&(name, holds)| Arc::new(column(name, holds))).collect();
    let schema = Type::group_type_builder("entry").with_fields(columns).build();
    // safe: fixed, and built in every test
    Arc::new(schema.expect("the schema is valid"))
}

fn column(name: &str, holds: Holds) -> Type {
    let never_null = ["index", "leaf"].contains(&name);
    let repetition = if never_null { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    let logical = match holds {
        Holds::Word => Some(LogicalType::String),
        Holds::Time => Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        Holds::Number | Holds::Flag | Holds::Hash => None,
    };
    let builder = Type::primitive_type_builder(name, holds.physical())
        .with_repetition(repetition)
        .with_logical_type(logical)
        .with_length(if holds == Holds::Hash { 32 } else { -1 });
    // safe: fixed, and built in every test
    builder.build().expect("the column is valid")
}

impl Holds {
    /// How it is stored.
    pub fn physical(self) -> Physical {
        match self {
            Self::Number | Self::Time => Physical::INT64,
            Self::Word => Physical::BYTE_ARRAY,
            Self::Flag => Physical::BOOLEAN,
            Self::Hash => Physical::FIXED_LEN_BYTE_ARRAY,
        }
    }
}
