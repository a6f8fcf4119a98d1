//! The table of known models: lines, tiers and dated list prices.
//!
//! Names are read by pattern and need no table; only comparing and counting cost read it, once.

use std::sync::OnceLock;

/// The table as shipped; its first lines explain the columns and sources.
const TABLE: &str = include_str!("../../data/models.tsv");

/// What the table knows of one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogRow {
    /// The canonical id.
    pub id: &'static str,
    /// The vendor's id, such as `anthropic`.
    pub vendor: &'static str,
    /// The id without its version, such as `claude-opus`.
    pub line: &'static str,
    /// The version, such as `5.5`; empty where the row stands for a line.
    pub version: &'static str,
    /// The display name, such as `Opus 5.5`.
    pub display: &'static str,
    /// The rank among the lines of its scale, where somebody set one.
    pub tier: Option<Tier>,
    /// The list price, where it is known.
    pub price: Option<Price>,
    /// Where the row comes from.
    pub source: &'static str,
}

/// A rank set by hand, never taken from a price; ranks of different scales cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// What the rank is a rank of, such as `claude`.
    pub scale: &'static str,
    /// A larger rank is stronger.
    pub rank: u32,
}

/// A list price, in millionths of a dollar per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Millionths of a dollar per million tokens of input.
    pub input_micros: u64,
    /// Millionths of a dollar per million tokens of output.
    pub output_micros: u64,
    /// Year and month in which the price was read, such as `2026-11`.
    pub date: &'static str,
}

impl Price {
    /// Returns the price of so many tokens in millionths of a dollar, rounded down.
    pub fn cost_micros(self, input_tokens: u64, output_tokens: u64) -> u64 {
        let part = |tokens: u64, micros: u64| u128::from(tokens) * u128::from(micros);
        let sum = part(input_tokens, self.input_micros) + part(output_tokens, self.output_micros);
        u64::try_from(sum / 1_000_000).unwrap_or(u64::MAX)
    }
}

/// Returns all rows, ordered by id; the first call reads the table.
pub fn rows() -> &'static [CatalogRow] {
    static ROWS: OnceLock<Vec<CatalogRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let mut rows: Vec<CatalogRow> = lines.filter_map(parse_row).collect();
        rows.sort_unstable_by_key(|row| row.id);
        rows
    })
}

/// Returns the row of a canonical id.
pub fn find(id: &str) -> Option<&'static CatalogRow> {
    let rows = rows();
    rows.binary_search_by_key(&id, |row| row.id).ok().map(|at| &rows[at])
}

/// Returns the tier of a line, such as `claude-opus`.
pub(super) fn tier_of_line(line: &str) -> Option<Tier> {
    rows().iter().filter(|row| row.line == line).find_map(|row| row.tier)
}

/// Reads one row; `None` for a broken one, which a test refuses.
fn parse_row(line: &'static str) -> Option<CatalogRow> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let &[id, vendor, line, version, display, tier, input, output, date, source] = &columns[..]
    else {
        return None;
    };
    let tier = match tier.split_once(':') {
        Some((scale, rank)) => Some(Tier { scale, rank: rank.parse().ok()? }),
        None => None,
    };
    let price = match (input, output) {
        ("", "") => None,
        _ => Some(Price { input_micros: micros(input)?, output_micros: micros(output)?, date }),
    };
    Some(CatalogRow { id, vendor, line, version, display, tier, price, source })
}

/// Reads dollars with at most six decimals as millionths.
fn micros(dollars: &str) -> Option<u64> {
    let (whole, decimals) = dollars.split_once('.').unwrap_or((dollars, ""));
    let decimals = format!("{decimals:0<6}");
    let millionths: u64 = (decimals.len() == 6).then(|| decimals.parse().ok()).flatten()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(millionths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::ModelName;

    #[test]
    fn every_line_of_the_table_is_a_row_with_an_id_of_its_own() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().len(), lines);
        assert!(rows().windows(2).all(|pair| pair[0].id < pair[1].id));
    }

    #[test]
    fn every_row_says_what_the_pattern_of_its_name_says() {
        for row in rows() {
            for spelling in [row.id, row.display] {
                let name = ModelName::parse(spelling).unwrap();
                assert_eq!((name.id(), name.display()), (row.id, row.display));
                assert_eq!(name.vendor(), Some(row.vendor), "{}", row.id);
                assert_eq!(name.line().as_deref(), Some(row.line), "{}", row.id);
                let version: Vec<String> = name.version().iter().map(u32::to_string).collect();
                assert_eq!(version.join("."), row.version, "{}", row.id);
                assert_eq!(ModelName::parse(&name.provider_model_id()).unwrap(), name);
            }
            let versioned = !row.version.is_empty();
            assert!(ModelName::recognise(row.id).is_some(), "{}", row.id);
            assert!(!versioned || ModelName::recognise(row.display).is_some(), "{}", row.id);
        }
    }

    #[test]
    fn every_row_has_a_source_and_a_line_has_one_tier() {
        for row in rows() {
            assert!(!row.source.is_empty(), "{}", row.id);
            assert_eq!(tier_of_line(row.line), row.tier, "{}", row.id);
            assert_eq!(
                row.price.is_some(),
                row.source.starts_with("vendor price list"),
                "{}",
                row.id
            );
            assert!(row.price.is_none_or(|price| price.date.len() == 7), "{}", row.id);
        }
    }

    #[test]
    fn a_price_is_exact() {
        let price = find("gemini-3.8-flash").unwrap().price.unwrap();
        assert_eq!((price.input_micros, price.output_micros), (750_000, 3_750_000));
        assert_eq!(price.cost_micros(2_000_000, 1000), 1_503_750);
        assert_eq!(find("claude-opus"), None);
    }
}
