//! The CBS labour-market regions.

/// A labour-market region of the list, or a code that is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Its place in [`Region::LIST`].
    Listed(u8),
    /// Not in the list: rule 7 refuses it.
    Unlisted,
}

impl Region {
    /// Code and name of every region, in the order of the codes. A code of the list is known on every day.
    pub const LIST: &[(&str, &str)] = &[
        ("AM01", "Groningen"),
        ("AM02", "Friesland"),
        ("AM03", "Drenthe"),
        ("AM05", "Twente"),
        ("AM06", "Veluwe Stedendriehoek"),
        ("AM07", "Midden-Gelderland"),
        ("AM08", "Rijk van Nijmegen"),
        ("AM09", "Achterhoek"),
        ("AM10", "Rivierenland"),
        ("AM11", "Flevoland"),
        ("AM12", "Gooi en Vechtstreek"),
        ("AM13", "Midden-Utrecht"),
        ("AM14", "Amersfoort"),
        ("AM15", "Noord-Holland Noord"),
        ("AM17", "Zaanstreek/Waterland"),
        ("AM18", "Groot Amsterdam"),
        ("AM19", "Holland Rijnland"),
        ("AM20", "Midden-Holland"),
        ("AM21", "Haaglanden"),
        ("AM22", "Rijnmond"),
        ("AM23", "Drechtsteden"),
        ("AM24", "Zeeland"),
        ("AM25", "West-Brabant"),
        ("AM26", "Midden-Brabant"),
        ("AM27", "Noordoost-Brabant"),
        ("AM28", "Zuidoost-Brabant"),
        ("AM29", "Noord-Limburg"),
        ("AM30", "Zuid-Limburg"),
        ("AM32", "Helmond-De Peel"),
        ("AM33", "Midden-Limburg"),
        ("AM34", "Zuid-Holland Centraal"),
        ("AM35", "Gorinchem"),
        ("AM36", "Regio Zwolle"),
        ("AM37", "Zuid-Kennemerland en IJmond"),
        ("AM38", "FoodValley"),
    ];

    /// The region with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        let place = Self::LIST.binary_search_by(|(listed, _)| (*listed).cmp(code)).ok();
        place.and_then(|place| u8::try_from(place).ok()).map_or(Self::Unlisted, Self::Listed)
    }

    /// Its code; empty when it is not in the list.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    /// Its name; empty when it is not in the list.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::Listed(place) => Self::LIST.get(usize::from(place)).copied().unwrap_or_default(),
            Self::Unlisted => Default::default(),
        }
    }
}
