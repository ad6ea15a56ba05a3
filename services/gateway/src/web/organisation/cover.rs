//! The form of a cover. It begins today; whoever is absent needs no account.

use accounts::{LONGEST_COVER_DAYS, MOST_COVERS, NewCover, Rule};
use domain::Date;
use pages::{Lang, Mistake};
use proto_events::Slug;

use crate::{
    http::Form,
    web::dates::{day, mistake},
};

/// The fields, as the page names them.
pub(super) const FIELDS: [&str; 5] = ["absent", "cover", "until.day", "until.month", "until.year"];

/// What stands in it.
pub(super) fn values(form: &Form) -> Vec<(String, String)> {
    FIELDS.iter().map(|name| ((*name).to_owned(), form.text(name).to_owned())).collect()
}

/// A cover of this organisation from today on, or everything that is wrong with it.
pub(super) fn read(form: &Form, organisation: &Slug, today: Date, lang: Lang) -> Result<NewCover, Vec<Mistake>> {
    let coach = |field: &str| form.text(field).parse::<Slug>().map_err(|_| mistake(field, lang.t("Maak een keuze.", "Make a choice.")));
    let (absent, by) = (coach("absent"), coach("cover"));
    let until = day(["until.day", "until.month", "until.year"].map(|name| (name, form.text(name).trim())), lang)
        .and_then(|until| if until.days() < today.days() { Err(passed(lang)) } else { Ok(until) });
    let same = matches!((&absent, &by), (Ok(absent), Ok(by)) if absent == by);
    match (absent, by, until, proto_events::Date::from_days(today.days())) {
        (Ok(absent), Ok(by), Ok(until), Some(from)) if !same => {
            Ok(NewCover { organisation: organisation.clone(), absent, by, from, until })
        }
        (absent, by, until, _) => {
            let of_two = refused(Rule::CoverOfOneself, lang).filter(|_| same);
            Err(absent.err().into_iter().chain(by.err()).chain(of_two).chain(until.err()).collect())
        }
    }
}

fn passed(lang: Lang) -> Mistake {
    mistake(
        "until.day",
        lang.t("Deze dag is al geweest. Vul vandaag of een latere dag in.", "This day has passed. Fill in today or a later day."),
    )
}

/// A rule of covers that is not kept, at its field; `None` of other rules.
pub(super) fn refused(rule: Rule, lang: Lang) -> Option<Mistake> {
    let in_words = |nl: String, en: String| if lang == Lang::Nl { nl } else { en };
    if rule == Rule::CoverOfOneself {
        let words = lang.t("Kies een andere coach dan wie afwezig is.", "Choose another coach than the one who is away.");
        Some(mistake("cover", words))
    } else if rule == Rule::CoverByNobody {
        let nl = "Deze coach kan niet inloggen. Kies een coach met een account.";
        Some(mistake("cover", lang.t(nl, "This coach cannot sign in. Choose a coach who has an account.")))
    } else if rule == Rule::CoverDays {
        let nl = format!("Een waarneming duurt hoogstens {LONGEST_COVER_DAYS} dagen. Vul een eerdere dag in.");
        Some(mistake("until.day", in_words(nl, format!("A cover lasts {LONGEST_COVER_DAYS} days at most. Fill in an earlier day."))))
    } else if rule == Rule::TooManyCovers {
        let nl = format!("Er zijn al {MOST_COVERS} waarnemingen. Stop er eerst een.");
        Some(mistake("", in_words(nl, format!("There are {MOST_COVERS} covers already. Stop one first."))))
    } else {
        None
    }
}
