//! Parquet: one number a row, for analysis programs.

use std::sync::Arc;

use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, Int64Type},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use crate::{FIELDS, Field, Kind, TableError, Tidy};

enum Column {
    Text(Vec<Option<ByteArray>>),
    Number(Vec<Option<i64>>),
    Flag(Vec<bool>),
}

fn column(tidy: &Tidy, field: &Field) -> Result<Column, TableError> {
    let values = tidy.column(field.name);
    let filled = |text: &str| Some(ByteArray::from(text)).filter(|_| !text.is_empty());
    let number = |text: &str| match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| TableError::Form(format!("{}: '{text}' is no whole number", field.name))),
    };
    Ok(match field.kind {
        Kind::Text | Kind::Percentage | Kind::Moment => Column::Text(values.map(filled).collect()),
        Kind::Count => Column::Number(values.map(number).collect::<Result<_, _>>()?),
        Kind::Flag => Column::Flag(values.map(|text| text == "true").collect()),
    })
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

fn described(name: &str, column: &Column) -> Result<Type, ParquetError> {
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
