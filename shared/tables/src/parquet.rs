//! Parquet: one number a row, for analysis programs.

use std::sync::Arc;

use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, Int64Type},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};
use proto_events::Timestamp;

use crate::{FIELDS, Field, Kind, TableError, Tidy};

/// Digits of a percentage behind the point, and of all of it at most: as many as 64 bits hold.
const SCALE: i32 = 1;
const PRECISION: i32 = 18;

enum Column {
    Text(Vec<Option<ByteArray>>),
    Number(Vec<Option<i64>>),
    /// In tenths: exact as it is printed.
    Percentage(Vec<Option<i64>>),
    /// In microseconds since 1970, UTC.
    Moment(Vec<Option<i64>>),
    Flag(Vec<bool>),
}

fn column(tidy: &Tidy, field: &Field) -> Result<Column, TableError> {
    let values = tidy.column(field.name);
    let filled = |text: &str| Some(ByteArray::from(text)).filter(|_| !text.is_empty());
    let each = |read: fn(&str) -> Option<i64>, what: &str| {
        let value = |text: &str| match text {
            "" => Ok(None),
            text => read(text).map(Some).ok_or_else(|| TableError::Form(format!("{}: '{text}' is no {what}", field.name))),
        };
        values.map(value).collect::<Result<Vec<_>, _>>()
    };
    Ok(match field.kind {
        Kind::Text => Column::Text(tidy.column(field.name).map(filled).collect()),
        Kind::Percentage => Column::Percentage(each(tenths, "number with one decimal")?),
        Kind::Moment => Column::Moment(each(micros, "moment")?),
        Kind::Count => Column::Number(each(|text| text.parse().ok(), "whole number")?),
        Kind::Flag => Column::Flag(tidy.column(field.name).map(|text| text == "true").collect()),
    })
}

/// `35.5` is 355.
fn tenths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    (part.len() == 1).then_some(())?;
    format!("{whole}{part}").parse().ok()
}

fn micros(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::micros)
}

pub(crate) fn write(tidy: &Tidy) -> Result<Vec<u8>, TableError> {
    let columns = FIELDS.iter().map(|field| column(tidy, field)).collect::<Result<Vec<_>, _>>()?;
    Ok(file(columns)?)
}

fn file(columns: Vec<Column>) -> Result<Vec<u8>, ParquetError> {
    let fields =
        FIELDS.iter().zip(&columns).map(|(field, column)| described(field.name, column).map(Arc::new)).collect::<Result<_, _>>()?;
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
            Column::Number(values) | Column::Percentage(values) | Column::Moment(values) => {
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

fn described(name: &str, column: &Column) -> Result<Type, ParquetError> {
    let builder = match column {
        Column::Text(_) => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(Repetition::OPTIONAL),
        Column::Number(_) => Type::primitive_type_builder(name, Physical::INT64).with_repetition(Repetition::OPTIONAL),
        Column::Percentage(_) => Type::primitive_type_builder(name, Physical::INT64)
            .with_logical_type(Some(LogicalType::decimal(SCALE, PRECISION)))
            .with_scale(SCALE)
            .with_precision(PRECISION)
            .with_repetition(Repetition::OPTIONAL),
        Column::Moment(_) => Type::primitive_type_builder(name, Physical::INT64)
            .with_logical_type(Some(LogicalType::timestamp(true, TimeUnit::MICROS)))
            .with_repetition(Repetition::OPTIONAL),
        Column::Flag(_) => Type::primitive_type_builder(name, Physical::BOOLEAN).with_repetition(Repetition::REQUIRED),
    };
    builder.build()
}

/// Which are there, and those.
fn dense<V>(values: Vec<Option<V>>) -> (Vec<i16>, Vec<V>) {
    (values.iter().map(|value| i16::from(value.is_some())).collect(), values.into_iter().flatten().collect())
}
