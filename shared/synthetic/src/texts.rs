//! The Dutch texts that coaches write: short, varied, and all invented. An event carries a number; the text is made when it
//! leaves the generator.

use proto_events::ContactWith;

use crate::dice::Dice;

const FIRST_NAMES: [&str; 72] = [
    "Aisha",
    "Anouk",
    "Arjan",
    "Bas",
    "Bram",
    "Carlijn",
    "Cem",
    "Daan",
    "Dewi",
    "Dirk",
    "Eline",
    "Emre",
    "Esther",
    "Fatima",
    "Femke",
    "Floor",
    "Gijs",
    "Guus",
    "Hanna",
    "Hassan",
    "Henk",
    "Ibrahim",
    "Ilse",
    "Iris",
    "Jaap",
    "Jasmijn",
    "Jeroen",
    "Joost",
    "Karim",
    "Kees",
    "Koen",
    "Lars",
    "Lieke",
    "Loes",
    "Lotte",
    "Maarten",
    "Marieke",
    "Mehmet",
    "Merel",
    "Milan",
    "Mohamed",
    "Nadia",
    "Niels",
    "Noor",
    "Olivier",
    "Omar",
    "Petra",
    "Pim",
    "Priya",
    "Renske",
    "Rick",
    "Roos",
    "Ruben",
    "Samira",
    "Sanne",
    "Sem",
    "Sjoerd",
    "Sofie",
    "Stijn",
    "Suzan",
    "Thijs",
    "Tess",
    "Tim",
    "Umit",
    "Vera",
    "Wessel",
    "Willemijn",
    "Wouter",
    "Yara",
    "Yusuf",
    "Zeynep",
    "Zoë",
];

const EMPLOYER_KINDS: [&str; 26] = [
    "Bakkerij",
    "Bouwmarkt",
    "Café",
    "Drukkerij",
    "Fietsenmakerij",
    "Garage",
    "Groenvoorziening",
    "Hotel",
    "Hovenier",
    "Installatiebedrijf",
    "Kinderopvang",
    "Kringloopwinkel",
    "Kwekerij",
    "Logistiek",
    "Lunchroom",
    "Manege",
    "Metaalbewerking",
    "Schildersbedrijf",
    "Schoonmaakbedrijf",
    "Slagerij",
    "Supermarkt",
    "Thuiszorg",
    "Timmerwerkplaats",
    "Transport",
    "Verpleeghuis",
    "Wasserij",
];

const EMPLOYER_NAMES: [&str; 30] = [
    "Aalders",
    "Beukema",
    "Boersma",
    "Brouwers",
    "Claassen",
    "De Wit",
    "Dekkers",
    "Evers",
    "Groothuis",
    "Haverkamp",
    "Hoekstra",
    "Jansma",
    "Kamphuis",
    "Koster",
    "Leenders",
    "Meulman",
    "Nijland",
    "Oosting",
    "Peters",
    "Ravensbergen",
    "Schouten",
    "Smeets",
    "Teunissen",
    "Van Ginkel",
    "Van Loon",
    "Veldhuis",
    "Vermeulen",
    "Westra",
    "Wiersma",
    "Zijlstra",
];

const SECTORS: [&str; 20] = [
    "administratie",
    "beveiliging",
    "bouw",
    "cultuur",
    "detailhandel",
    "dieren",
    "groen",
    "horeca",
    "ict",
    "kinderopvang",
    "logistiek",
    "metaal",
    "onderwijs",
    "schoonmaak",
    "techniek",
    "transport",
    "verkoop",
    "voeding",
    "welzijn",
    "zorg",
];

const GOALS: [&str; 24] = [
    "Weer ritme in de week en een eigen inkomen.",
    "Een baan van twee of drie dagen, liefst dicht bij huis.",
    "Terug naar het vak waarin ik ben opgeleid.",
    "Iets met mijn handen doen, geen kantoor.",
    "Eerst ervaren of werken lukt naast de behandeling.",
    "Een opleiding afmaken die ik moest afbreken.",
    "Werken met dieren of in het groen.",
    "Collega's om mij heen hebben.",
    "Minder afhankelijk zijn van mijn uitkering.",
    "Ontdekken wat bij mij past na mijn opname.",
    "Vaste werktijden, geen avonden.",
    "Mijn rijbewijs halen en in het transport gaan werken.",
    "Uitproberen of ik een hele dag volhoud.",
    "Iets betekenen voor anderen, bijvoorbeeld in de zorg.",
    "Mijn huidige baan houden.",
    "Van een werkervaringsplaats naar een contract.",
    "Langzaam meer uren, zonder terugval.",
    "Een rustige werkplek met weinig prikkels.",
    "Leren omgaan met feedback op het werk.",
    "Een opleiding in de ict beginnen.",
    "Weer onder de mensen komen.",
    "Werk dat ik kan combineren met de kinderen.",
    "Zelfstandig worden met mijn eigen klussen.",
    "Weten welke regels er gelden als ik ga verdienen.",
];

const PROFILES: [&str; 18] = [
    "Werkte eerder in de horeca, kan goed met gasten omgaan.",
    "Nauwkeurig, houdt van een vaste volgorde in het werk.",
    "Snel overprikkeld in drukke ruimten, werkt het liefst in de ochtend.",
    "Technisch handig, heeft een heftruckcertificaat.",
    "Afgebroken hbo-opleiding, leert snel.",
    "Weinig werkervaring, wel jaren vrijwilligerswerk.",
    "Is creatief en komt met eigen ideeën.",
    "Spreekt vier talen, Nederlands op B1.",
    "Ervaring in de thuiszorg, wil niet meer 's nachts werken.",
    "Heeft baat bij een vaste begeleider op de werkplek.",
    "Reist met het openbaar vervoer, hooguit een half uur.",
    "Werkt rustig door, vraagt weinig hulp en soms te laat.",
    "Doorzetter, bewaakt de eigen grenzen nog niet goed.",
    "Wil graag openheid over de psychische kwetsbaarheid geven.",
    "Geeft liever geen openheid aan de werkgever.",
    "Goed met cijfers, onzeker in groepen.",
    "Buitenmens, fysiek sterk.",
    "Sociaal, maakt makkelijk contact met collega's.",
];

/// What is noted of a contact, by with whom it was.
const NOTES: [(ContactWith, &[&str]); 6] = [
    (
        ContactWith::Client,
        &[
            "Kennismaking, afspraken gemaakt over de samenwerking.",
            "Cv samen bijgewerkt.",
            "Vacatures doorgenomen, op twee gereageerd.",
            "Sollicitatiegesprek voorbereid.",
            "Afgezegd wegens ziekte, nieuwe afspraak gemaakt.",
            "Evaluatie van de eerste weken op het werk.",
            "Signaleringsplan voor op het werk besproken.",
            "Nog geen reactie op de sollicitaties, plan bijgesteld.",
            "Wil voorlopig een stap terug doen.",
            "Netwerk in kaart gebracht, twee ingangen gevonden.",
            "Conflict met een collega besproken.",
            "Opleiding bezocht op een open dag.",
            "Beroepskeuzetest besproken.",
            "Gesprek over openheid op het werk.",
            "Ritme van opstaan gaat beter.",
            "Twijfelt over meer uren.",
            "Tussentijdse evaluatie, doelen bijgesteld.",
            "Korte check: gaat goed.",
            "Stageplek gevonden via een oud-collega.",
            "Samen bij twee werkgevers langsgegaan.",
        ],
    ),
    (
        ContactWith::Employer,
        &[
            "Kennismaking, mogelijkheden op de werkvloer bekeken.",
            "Uren in overleg met de bedrijfsarts opgebouwd.",
            "Werkplek bezocht, aanpassing van de taken besproken.",
            "Contract wordt verlengd, werkgever is tevreden.",
            "Toezegging voor een proefplaatsing van vier weken.",
            "Jobcarving besproken met de teamleider.",
            "Uitleg gegeven over de no-riskpolis.",
            "Verzuim besproken, afspraken gemaakt over opbouw.",
        ],
    ),
    (
        ContactWith::CareTeam,
        &[
            "Overleg met de behandelaar over medicatie en werktijden.",
            "Voortgang besproken in het teamoverleg.",
            "Afgestemd wie wat doet bij een terugval.",
            "Aangesloten bij de behandelplanbespreking.",
        ],
    ),
    (
        ContactWith::Uwv,
        &["Vraag over verrekening met de uitkering uitgezet.", "Voortgangsrapportage besproken.", "Loonwaardemeting aangevraagd."],
    ),
    (
        ContactWith::Municipality,
        &["Vraag over vrijlating van inkomsten uitgezet.", "Voortgang besproken met de klantmanager.", "Reiskosten geregeld."],
    ),
    (ContactWith::Family, &["Familie denkt mee over de thuissituatie.", "Zorgen over overbelasting besproken."]),
];

const JOB_STOPS: [&str; 12] = [
    "Contract niet verlengd.",
    "Het werk was te zwaar.",
    "Andere baan gevonden.",
    "Terugval, ziek gemeld en gestopt.",
    "Bedrijf is gestopt.",
    "Zelf ontslag genomen na een conflict.",
    "Te weinig begeleiding op de werkvloer.",
    "Seizoenswerk was afgelopen.",
    "Reisafstand bleek te groot.",
    "In de proeftijd beëindigd.",
    "Gestopt om een opleiding te volgen.",
    "Reorganisatie.",
];

const PLACEMENT_STOPS: [&str; 10] = [
    "Afgesproken periode was voorbij.",
    "Overgegaan naar betaald werk.",
    "Paste niet bij de wensen.",
    "Te veel prikkels op de plek.",
    "Begeleider is vertrokken.",
    "Gestopt wegens gezondheid.",
    "Doel bereikt.",
    "Andere plek gevonden.",
    "Geen werkzaamheden meer.",
    "Met een opleiding begonnen.",
];

const RETRACTIONS: [&str; 7] = [
    "Dubbel ingevoerd.",
    "Bij de verkeerde cliënt geregistreerd.",
    "Verkeerde soort gekozen.",
    "Is niet doorgegaan.",
    "Vergissing bij het invoeren.",
    "Uitstroom teruggedraaid: de begeleiding loopt door.",
    "Te vroeg afgesloten, cliënt is nog in begeleiding.",
];

/// A label is a first name and an initial.
const INITIALS: usize = 26;

/// What a text is about. Its number is chosen by [`Topic::choose`] and turned into words by [`Topic::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Label,
    Employer,
    Sector,
    Goals,
    Profile,
    Note,
    JobStop,
    PlacementStop,
    Retraction,
}

/// Of the reasons for a retraction, the first that speaks of an outflow.
pub(crate) const RETRACTED_OUTFLOW: u16 = 5;

impl Topic {
    /// The sentences of a topic that has a list of them.
    fn list(self) -> &'static [&'static str] {
        match self {
            Self::Label => &FIRST_NAMES,
            Self::Employer => &EMPLOYER_KINDS,
            Self::Sector => &SECTORS,
            Self::Goals => &GOALS,
            Self::Profile => &PROFILES,
            Self::Note => &[],
            Self::JobStop => &JOB_STOPS,
            Self::PlacementStop => &PLACEMENT_STOPS,
            Self::Retraction => &RETRACTIONS,
        }
    }

    /// A note of a contact with somebody, by its number.
    pub(crate) fn note(with: ContactWith, dice: &mut Dice) -> u16 {
        let mut before = 0;
        for (whom, notes) in NOTES {
            if whom == with {
                return u16::try_from(before + dice.place(notes.len())).unwrap_or_default();
            }
            before += notes.len();
        }
        0
    }

    /// A text of this topic, by its number. Notes have [`Topic::note`].
    pub(crate) fn choose(self, dice: &mut Dice) -> u16 {
        let many = match self {
            Self::Label => FIRST_NAMES.len() * INITIALS,
            Self::Employer => EMPLOYER_KINDS.len() * EMPLOYER_NAMES.len(),
            Self::Retraction => usize::from(RETRACTED_OUTFLOW),
            Self::Sector | Self::Goals | Self::Profile | Self::Note | Self::JobStop | Self::PlacementStop => self.list().len(),
        };
        u16::try_from(dice.place(many)).unwrap_or_default()
    }

    /// The text of this number.
    pub(crate) fn text(self, number: u16) -> String {
        if self == Self::Note {
            let mut notes = NOTES.iter().flat_map(|(_, notes)| notes.iter());
            return notes.nth(usize::from(number)).map_or_else(String::new, |note| (*note).to_owned());
        }
        let list = self.list();
        let (word, rest) = (list[usize::from(number) % list.len()], usize::from(number) / list.len());
        match self {
            Self::Label => format!("{word} {}.", char::from(b'A' + u8::try_from(rest % INITIALS).unwrap_or_default())),
            Self::Employer => format!("{word} {}", EMPLOYER_NAMES[rest % EMPLOYER_NAMES.len()]),
            Self::Sector | Self::Goals | Self::Profile | Self::Note | Self::JobStop | Self::PlacementStop | Self::Retraction => {
                word.to_owned()
            }
        }
    }
}
