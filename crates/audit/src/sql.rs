//! SQL over a fleet, by Apache DataFusion. Only reading: a query can change nothing.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::util::pretty::pretty_format_batches_with_schema;
use datafusion::arrow::{csv, json};
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{JsonReadOptions, ParquetReadOptions, SQLOptions, SessionConfig, SessionContext};
use futures::StreamExt;

use crate::{Error, Fleet};

/// The memory that queries may take before they put aside to disk what they can.
pub const MEMORY: usize = 1 << 30;
/// The most rows that are shown as a table: their columns are as wide as the widest cell.
pub const MAX_TABLE_ROWS: usize = 10_000;

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As a table to look at.
    Table,
    /// As a table for spreadsheets (RFC 4180).
    Csv,
    /// As JSON, an object a line.
    Json,
}

/// A fleet that is open for questions.
pub struct Database {
    context: SessionContext,
    runtime: tokio::runtime::Runtime,
}

impl Database {
    /// Opens a fleet: its tables are `entries` and `stations`.
    pub fn open(fleet: &Fleet) -> Result<Self, Error> {
        fleet.check()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|why| Error::Query(format!("threads cannot be started: {why}")))?;
        // One file a station and day: looking into all of them before a query takes longer than most queries.
        let config = SessionConfig::new()
            .set_bool("datafusion.execution.collect_statistics", false)
            .with_information_schema(true);
        let environment =
            RuntimeEnvBuilder::new().with_memory_limit(MEMORY, 1.0).build_arc().map_err(said)?;
        let context = SessionContext::new_with_config_rt(config, environment);
        runtime.block_on(tables(&context, fleet)).map_err(said)?;
        Ok(Self { context, runtime })
    }

    /// Answers a query, batch by batch; how many rows the answer has.
    pub fn ask(&self, sql: &str, answer: Answer, out: &mut dyn Write) -> Result<usize, Error> {
        self.runtime.block_on(async {
            let options =
                SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
            let frame = self.context.sql_with_options(sql, options).await.map_err(said)?;
            let schema = Arc::new(frame.schema().as_arrow().clone());
            let stream = frame.execute_stream().await.map_err(said)?;
            match answer {
                Answer::Table => table(stream, schema, out).await,
                Answer::Csv => csv(stream, schema, out).await,
                Answer::Json => lines(stream, out).await,
            }
        })
    }
}

async fn tables(context: &SessionContext, fleet: &Fleet) -> Result<(), DataFusionError> {
    let partitions = ["station", "day"].map(|name| (name.to_owned(), DataType::Utf8)).to_vec();
    let schema = entries();
    let options = ParquetReadOptions::default().schema(&schema).table_partition_cols(partitions);
    context.register_parquet("entries", fleet.entries().to_string_lossy(), options).await?;
    let schema = stations();
    let mut options = JsonReadOptions::default().schema(&schema);
    options.file_extension = ".jsonl";
    context.register_json("stations", fleet.list().to_string_lossy(), options).await
}

/// The columns of `entries` that lie in the files (`export::format::columns`).
fn entries() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str, null| Field::new(name, DataType::Int64, null);
    let hash = |name: &str| Field::new(name, DataType::FixedSizeBinary(32), true);
    let utc = Some("UTC".into());
    Schema::new(vec![
        number("index", false),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, utc), true),
        number("at_seconds", true),
        text("outcome"),
        text("reason"),
        text("stage"),
        text("kind"),
        number("operator", true),
        Field::new("demo", DataType::Boolean, true),
        number("key_set_version", true),
        hash("person"),
        hash("identity"),
    ])
}

fn stations() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str| Field::new(name, DataType::Int64, true);
    Schema::new(vec![
        text("station"),
        text("origin"),
        number("entries"),
        number("signed_entries"),
        text("last_exported"),
        number("misfits"),
    ])
}

async fn table(
    mut stream: SendableRecordBatchStream,
    schema: SchemaRef,
    out: &mut dyn Write,
) -> Result<usize, Error> {
    let (mut batches, mut rows) = (vec![], 0);
    while let Some(batch) = next(&mut stream).await? {
        let left = MAX_TABLE_ROWS - rows;
        let cut = batch.num_rows() > left;
        let batch = if cut { batch.slice(0, left) } else { batch };
        rows += batch.num_rows();
        batches.push(batch);
        if cut {
            break;
        }
    }
    let table =
        pretty_format_batches_with_schema(schema, &batches).map_err(|why| Error::Query(why.to_string()))?;
    writeln!(out, "{table}").map_err(unwritten)?;
    if rows == MAX_TABLE_ROWS {
        writeln!(out, "only the first {rows} rows: choose CSV or JSON for more").map_err(unwritten)?;
    }
    Ok(rows)
}

async fn csv(
    mut stream: SendableRecordBatchStream,
    schema: SchemaRef,
    out: &mut dyn Write,
) -> Result<usize, Error> {
    let mut writer = csv::WriterBuilder::new().with_header(true).build(out);
    let write = |why: datafusion::arrow::error::ArrowError| Error::Query(why.to_string());
    writer.write(&RecordBatch::new_empty(schema)).map_err(write)?;
    let mut rows = 0;
    while let Some(batch) = next(&mut stream).await? {
        rows += batch.num_rows();
        writer.write(&batch).map_err(write)?;
    }
    Ok(rows)
}

async fn lines(mut stream: SendableRecordBatchStream, out: &mut dyn Write) -> Result<usize, Error> {
    let mut writer = json::LineDelimitedWriter::new(out);
    let write = |why: datafusion::arrow::error::ArrowError| Error::Query(why.to_string());
    let mut rows = 0;
    while let Some(batch) = next(&mut stream).await? {
        rows += batch.num_rows();
        writer.write(&batch).map_err(write)?;
    }
    writer.finish().map_err(write)?;
    Ok(rows)
}

async fn next(stream: &mut SendableRecordBatchStream) -> Result<Option<RecordBatch>, Error> {
    stream.next().await.transpose().map_err(said)
}

fn said(why: DataFusionError) -> Error {
    // Its first line says it; what follows is for its developers.
    let text = why.strip_backtrace();
    Error::Query(text.lines().next().unwrap_or("the query cannot be answered").to_owned())
}

fn unwritten(why: std::io::Error) -> Error {
    Error::Query(format!("the answer cannot be written: {why}"))
}
