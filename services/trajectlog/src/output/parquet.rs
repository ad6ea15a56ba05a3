//! Parquet: one number a row, for analysis programs.

use std::sync::Arc;

use figures::{AsOf, Figures, Question};
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, Int64Type},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use crate::{
    failure::Failure,
    output::{COLUMNS, Tidy, label},
};

/// The answer as Parquet, compressed with zstd. Percentages are texts with one decimal, exact as printed.
pub fn figures(figures: &Figures, question: &Question<'_>, as_of: &AsOf) -> Result<Vec<u8>, Failure> {
    write(&Tidy::of(figures, question, as_of)).map_err(|e| Failure::cannot_open(format!("the Parquet file cannot be written: {e}")))
}

enum Column {
    Text(Vec<Option<ByteArray>>),
    Number(Vec<Option<i64>>),
    Flag(Vec<bool>),
}

fn write(tidy: &Tidy) -> Result<Vec<u8>, ParquetError> {
    let columns = columns(tidy);
    let fields = COLUMNS.iter().zip(&columns).map(|(name, column)| field(name, column).map(Arc::new)).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("figures").with_fields(fields).build()?);
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in columns {
        let Some(mut to) = group.next_column()? else { break };
        match column {
            Column::Text(values) => {
                let (levels, values) = dense(values);
                to.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
            }
            Column::Number(values) => {
                let (levels, values) = dense(values);
                to.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
            }
            Column::Flag(values) => {
                to.typed::<BoolType>().write_batch(&values, None, None)?;
            }
        }
        to.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn field(name: &str, column: &Column) -> Result<Type, ParquetError> {
    let builder = match column {
        Column::Text(_) => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(Repetition::OPTIONAL),
        Column::Number(_) => Type::primitive_type_builder(name, Physical::INT64).with_repetition(Repetition::OPTIONAL),
        Column::Flag(_) => Type::primitive_type_builder(name, Physical::BOOLEAN).with_repetition(Repetition::REQUIRED),
    };
    builder.build()
}

/// Which are there, and those.
fn dense<V>(values: Vec<Option<V>>) -> (Vec<i16>, Vec<V>) {
    (values.iter().map(|value| i16::from(value.is_some())).collect(), values.into_iter().flatten().collect())
}

/// In the order of [`COLUMNS`].
fn columns(tidy: &Tidy) -> Vec<Column> {
    let rows = &tidy.rows;
    let number = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    let same = |text: &str| Column::Text(vec![Some(ByteArray::from(text)); rows.len()]);
    let text = |of: &dyn Fn(&figures::Row) -> Option<String>| {
        Column::Text(rows.iter().map(|r| of(r).map(|t| ByteArray::from(t.as_str()))).collect())
    };
    let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    vec![
        same(&tidy.quarter),
        same(&tidy.scope),
        text(&|r| Some(r.table.clone())),
        text(&|r| filled(&r.method)),
        text(&|r| filled(&r.breakdown)),
        text(&|r| Some(r.measure.clone())),
        Column::Number(rows.iter().map(|r| number(Some(r.count))).collect()),
        text(&|r| r.percentage.clone()),
        Column::Number(rows.iter().map(|r| number(r.fraction.map(|f| f.0))).collect()),
        Column::Number(rows.iter().map(|r| number(r.fraction.map(|f| f.1))).collect()),
        Column::Number(rows.iter().map(|r| number(r.previous_quarter)).collect()),
        Column::Number(rows.iter().map(|r| number(r.year_earlier)).collect()),
        Column::Flag(vec![tidy.provisional; rows.len()]),
        Column::Number(vec![number(Some(tidy.position)); rows.len()]),
        Column::Text(vec![filled(&tidy.recorded_at).map(|t| ByteArray::from(t.as_str())); rows.len()]),
        same(&tidy.definitions),
        text(&|r| Some(label(&r.measure).to_owned())),
    ]
}
