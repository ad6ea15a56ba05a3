//! The questions that a count on one day leaves open.

use pages::{
    Answer, AskedAbout, Became, BecameRow, Choosable, Curve, FigurePart, Further, Group, GroupName, Lang, Month, OpenQuestion,
    OpenQuestionPage, OpenQuestions, Parts, Role,
};

use super::{Sample, day, frame, sample};

fn about(lang: Lang) -> AskedAbout {
    let country = lang.t("Nederland", "The Netherlands");
    AskedAbout {
        quarter: "2025Q1".to_owned(),
        quarters: vec![Choosable::new("2025Q1", ""), Choosable::new("2024Q4", "")],
        scope: "national".to_owned(),
        scopes: vec![Choosable::new("national", country), Choosable::new("region:AM18", "Groot Amsterdam")],
        scope_name: country.to_owned(),
    }
}

const fn parts(happened: u32, lower: u32, upper: u32) -> Parts {
    Parts { happened, interval: Some((lower, upper)) }
}

fn group(name: GroupName, (observed, happened): (u64, u64), early: Parts, late: Parts) -> Group {
    let month = |month, parts, at_risk| Month { month, parts, at_risk };
    let curve = Curve {
        median: None,
        months: vec![month(3, early, observed - 40), month(6, late, observed - 90)],
        steps: vec![(61, early), (152, late)],
        end: 183,
    };
    Group { name, observed, happened, curve: Some(curve) }
}

fn page(lang: Lang, question: OpenQuestion, further: Vec<Further>, answer: Answer) -> OpenQuestionPage {
    OpenQuestionPage {
        frame: frame(lang, Role::Analyst),
        question,
        about: about(lang),
        further,
        until: day(2025, 3, 31),
        provisional: false,
        position: 128_440,
        observed: 1_812,
        fewest: None,
        own_only: false,
        months: vec![(3, 91), (6, 183), (9, 274)],
        answer,
    }
}

fn became(of: &str, became: Became, (of_them, whole, percentage): (u64, u64, &str), gap: Option<u32>) -> BecameRow {
    let part = FigurePart { percentage: percentage.to_owned(), of: of_them, whole };
    BecameRow { of: of.to_owned(), became, part, gap }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let methods = vec![Choosable::new("ips", "IPS"), Choosable::new("wabz", "WABZ")];
    let groups = vec![
        group(GroupName::Everyone, (1_812, 540), parts(90_000, 80_000, 101_000), parts(240_000, 222_000, 259_000)),
        group(GroupName::Without, (1_500, 460), parts(100_000, 90_000, 111_000), parts(260_000, 240_000, 281_000)),
        group(GroupName::During, (312, 80), parts(60_000, 40_000, 85_000), parts(180_000, 150_000, 215_000)),
    ];
    let unpaid = Answer::UnpaidWork { had_one: 61, groups };
    let sequels = Answer::Sequels {
        sequels: vec![
            became("Werkfit", Became::Nothing, (30, 40, "75.0"), None),
            became("Werkfit", Became::Followed("Naar Werk".to_owned()), (10, 40, "25.0"), Some(14)),
        ],
        year_later: vec![became("Werkfit", Became::Running, (44, 44, "100.0"), None)],
    };
    let further = vec![Further { key: "methode", chosen: "ips".to_owned(), all: methods }];
    vec![
        sample("questions", &OpenQuestions { frame: frame(lang, Role::Analyst), about: about(lang) }),
        sample("questions-unpaid-work", &page(lang, OpenQuestion::UnpaidWork, further, unpaid)),
        sample("questions-sequels", &page(lang, OpenQuestion::Sequels, Vec::new(), sequels)),
    ]
}
