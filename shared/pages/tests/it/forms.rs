//! Forms: they ask what the script reads, keep what was typed, and show what is wrong where it arose.

use std::{collections::BTreeMap, fs, path::Path};

use pages::{
    Asks, Change, Choosable, Contract, Correction, Decimal, EventForm, Facts, Filled, Former, Kind, Lang, Mistake, Of, Page, Retractable,
    Terms, Text, Thing, What,
};

use crate::data::{day, forms, trajectory::contact, uuid};

/// The fields of each type, from the table of `assets/js/events.js`.
fn fields_that_the_script_reads() -> BTreeMap<String, Vec<(String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/js/events.js");
    let script = fs::read_to_string(path).expect("the script");
    let table = script.split_once("const TYPES = {").expect("a table").1.split_once("\n};").expect("its end").0;
    let mut types = BTreeMap::new();
    for one in table.split("},") {
        let Some((name, fields)) = one.split_once(": {") else { continue };
        let pairs = fields.split(',').filter_map(|field| field.split_once(':'));
        let clean = |text: &str| text.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        types.insert(clean(name), pairs.map(|(field, kind)| (clean(field), clean(kind))).collect());
    }
    types
}

#[test]
fn every_field_that_the_script_reads_is_asked() {
    let types = fields_that_the_script_reads();
    assert_eq!(types.len(), 14, "{types:?}");
    for form in forms::every(Lang::Nl) {
        // A transfer asks for the colleague alone; a change of the trajectory leaves the coach to the transfer.
        if form.asks.kind() == Kind::Transfer {
            continue;
        }
        let html = form.html().expect("rendered");
        let of = form.asks.kind().event_type();
        for (field, kind) in &types[of] {
            let name = match kind.as_str() {
                "new" => continue,
                "contract" => "contract.kind",
                _ => field,
            };
            let left_out = of == "trajectory_changed" && name == "coach";
            assert!(left_out || html.contains(&format!(r#"name="{name}""#)), "{of} does not ask for {name}");
        }
        let data = format!(r#"data-event-type="{of}""#);
        assert!(html.contains(&data) && html.contains(r#"type="submit" disabled"#), "{of}");
        assert!(html.contains(r#"name="occurred_on.day""#) || of == "retraction", "{of}");
    }
}

#[test]
fn whatever_the_log_refuses_is_said_at_its_field_and_in_the_summary() {
    let fields = [
        (forms::form(Lang::Nl, Asks::Contact), "occurred_on.day", "occurred-on-day"),
        (forms::form(Lang::Nl, Asks::Contact), "channel", "veld-channel"),
        (forms::form(Lang::Nl, Asks::PaidWorkStarted(Vec::new())), "contract.until.year", "contract-until-year"),
        (forms::form(Lang::Nl, Asks::PaidWorkStarted(Vec::new())), "sector", "sector"),
        (forms::form(Lang::Nl, Asks::Assessment), "max_hours_per_week", "hoogstens"),
        (forms::form(Lang::Nl, Asks::EducationStarted), "level", "niveau"),
        (forms::form(Lang::Nl, Asks::Engagement), "goals", "doelen"),
    ];
    for (form, field, id) in fields {
        let wrong = Mistake { field: field.to_owned(), message: "Dit klopt niet.".to_owned(), link: None };
        let filled = Filled { mistakes: vec![wrong], refused: true, ..Filled::default() };
        let html = EventForm { filled: Some(filled), ..form }.html().expect("rendered");
        assert!(html.contains("Dit is niet vastgelegd") && html.contains(&format!(r##"<a href="#{id}">"##)), "{field}: no link");
        assert!(html.contains(&format!(r#"id="{id}""#)), "{field}: the link leads nowhere");
        assert!(html.contains(&format!(r#"id="fout-{field}">Dit klopt niet."#)), "{field}: nothing is said");
        assert!(html.contains("data-mistaken") && html.contains(r#"aria-invalid="true""#), "{field}: not marked");
    }
}

#[test]
fn a_mistake_of_no_one_field_is_said_in_the_summary_alone() {
    let wrong = Mistake { field: String::new(), message: "Vul in wat er is veranderd.".to_owned(), link: None };
    let filled = Filled { mistakes: vec![wrong], ..Filled::default() };
    let html = EventForm { filled: Some(filled), ..forms::form(Lang::Nl, Asks::Contact) }.html().expect("rendered");
    assert!(html.contains("<span>Vul in wat er is veranderd.</span>") && html.contains("Er klopt nog iets niet"));
    assert!(!html.contains("form-error"));
}

#[test]
fn a_part_that_is_folded_away_is_open_when_something_stands_in_it_or_is_wrong_with_it() {
    let open = |filled: Filled| {
        let html = EventForm { filled: Some(filled), ..forms::form(Lang::Nl, Asks::Contact) }.html().expect("rendered");
        html.contains(r#"<details class="fold" open>"#)
    };
    assert!(!open(Filled::default()));
    assert!(open(forms::values(&[("minutes", "15")])));
    let wrong = Mistake { field: "minutes".to_owned(), message: "Vul een heel getal in.".to_owned(), link: None };
    assert!(open(Filled { mistakes: vec![wrong], ..Filled::default() }));
}

#[test]
fn a_day_that_somebody_filled_in_is_not_replaced_by_today() {
    let html = |filled| EventForm { filled, ..forms::form(Lang::Nl, Asks::Contact) }.html().expect("rendered");
    let default = r#"data-default="today""#;
    assert!(html(None).contains(default));
    let kept = html(Some(forms::values(&[("occurred_on.day", "3")])));
    assert!(!kept.contains(default) && kept.contains(r#"data-day="-1""#), "the buttons stay");
}

#[test]
fn a_stop_is_asked_for_its_last_day() {
    let what = What::WorkStopped { id: uuid(701), job: None, reason: Some(Text::Open("Verhuisd".to_owned())) };
    let filled = Filled::of(&what, day(2025, 3, 1), Lang::Nl);
    assert_eq!(["day", "month", "year"].map(|part| filled.one(&format!("occurred_on.{part}")).to_owned()), ["28", "2", "2025"]);
    assert_eq!((filled.one("job_id"), filled.one("reason")), (uuid(701).as_str(), "Verhuisd"));
}

#[test]
fn normal_pay_is_a_choice_and_a_wage_value_a_number_with_a_comma() {
    let of = |wage| {
        let terms = Terms { wage, ..forms::now() };
        Filled::of(&What::WorkStarted { id: uuid(701), terms: Box::new(terms) }, day(2025, 3, 1), Lang::Nl)
    };
    let normal = of(Change::To(Decimal::whole(100)));
    assert_eq!((normal.one("pay"), normal.one("wage_value_percent")), ("normal", ""));
    let measured = of(Change::To(Decimal::hundredths(6250)));
    assert_eq!((measured.one("pay"), measured.one("wage_value_percent")), ("measured", "62,5"));
    assert_eq!(of(Change::Unknown).one("pay"), "unknown");
    assert_eq!(of(Change::Kept).one("pay"), "");
}

#[test]
fn a_corrected_beginning_keeps_the_id_of_what_began() {
    let terms = Terms { contract: Change::To(Contract::Permanent), ..forms::now() };
    let begun = [
        (What::WorkStarted { id: uuid(7), terms: Box::new(terms) }, Asks::PaidWorkStarted(Vec::new()), "job_id"),
        (What::PlacementStarted { id: uuid(7), kind: "day_activity".to_owned() }, Asks::PlacementStarted, "placement_id"),
        (What::EducationStarted { id: uuid(7), level: None }, Asks::EducationStarted, "education_id"),
    ];
    for (what, asks, name) in begun {
        let on = day(2025, 3, 1);
        let filled = Some(Filled::of(&what, on, Lang::Nl));
        let former = Former { what, on, by: "Joost".to_owned(), recorded: on };
        let corrects = Some(Correction { event: uuid(9), former, also: Vec::new() });
        let html = EventForm { filled, corrects, ..forms::form(Lang::Nl, asks) }.html().expect("rendered");
        assert!(html.contains(&format!(r#"<input type="hidden" name="{name}" value="{}">"#, uuid(7))), "{name}");
        assert!(html.contains(&format!(r#"data-corrects="{}""#, uuid(9))), "{name}");
    }
}

#[test]
fn more_than_one_mistake_can_be_mended_in_one_decision() {
    let on = day(2025, 3, 1);
    let what = contact("client", "phone", None, "");
    let also = vec![pages::Retractable { id: uuid(5), what: what.clone(), on, meant: false }];
    let former = Former { what, on, by: "Joost".to_owned(), recorded: on };
    let corrects = Some(Correction { event: uuid(9), former, also });
    let html = EventForm { corrects, ..forms::form(Lang::Nl, Asks::Contact) }.html().expect("rendered");
    assert!(html.contains(&format!(r#"name="also_retract" value="{}""#, uuid(5))) && html.contains(r#"name="also_retract.reason""#));
}

#[test]
fn which_of_several_is_asked_and_which_of_one_is_clear() {
    let thing = |n| Thing { id: uuid(n), of: Of::Job { employer: None, hours: None }, since: day(2025, 4, 7) };
    let html = |of| forms::form(Lang::Nl, Asks::PaidWorkStopped(of)).html().expect("rendered");
    assert!(html(vec![thing(1)]).contains(&format!(r#"<input type="hidden" name="job_id" value="{}">"#, uuid(1))));
    let several = html(vec![thing(1), thing(2)]);
    assert!(several.contains(&format!(r#"type="radio" name="job_id" value="{}""#, uuid(2))) && several.contains("Welk werk is gestopt?"));
}

#[test]
fn a_form_that_is_kept_for_any_trajectory_names_none() {
    let about = pages::About { organisation: "ggz-voorbeeld".to_owned(), ..pages::About::default() };
    let html = EventForm { about, ..forms::form(Lang::Nl, Asks::Contact) }.html().expect("rendered");
    assert!(html.contains(r#"data-trajectory="""#) && html.contains(r#"data-organisation="ggz-voorbeeld""#));
    assert!(!html.contains("data-client") && !html.contains("/trajecten/"));
}

#[test]
fn every_kind_has_an_address_that_leads_back_to_it() {
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Transfer) {
        let address = kind.address("ID", None);
        assert_eq!(Kind::of_slug(address.rsplit('/').next().expect("a part")), Some(kind));
        assert_eq!(Kind::of_type(kind.event_type()), Some(kind));
    }
    assert_eq!(Kind::PaidWorkStopped.address("ID", Some("JOB")), "/trajecten/ID/vastleggen/paid-work-stopped/JOB");
}

#[test]
fn a_word_that_no_list_has_stays_chosen_when_something_else_is_corrected() {
    let what = What::Outflow { reason: Some("reden-7".to_owned()), work_ready: None };
    let filled = Some(Filled::of(&what, day(2025, 3, 1), Lang::Nl));
    let html = EventForm { filled, ..forms::form(Lang::Nl, Asks::Outflow(Vec::new())) }.html().expect("rendered");
    assert!(html.contains(r#"<option value="reden-7" selected>Reden 7</option>"#));
    let empty = EventForm { filled: Some(Filled::default()), ..forms::form(Lang::Nl, Asks::Outflow(Vec::new())) }.html().expect("rendered");
    assert_eq!(html.matches("<option").count(), empty.matches("<option").count() + 1, "what nobody chose is no option");
}

#[test]
fn a_scheme_is_chosen_in_words_and_any_other_is_written() {
    let html = |filled| {
        let now = Box::new(Facts { scheme: Some("regeling-7".to_owned()), ..Facts::default() });
        EventForm { filled, ..forms::form(Lang::Nl, Asks::TrajectoryChanged { now, regions: forms::regions() }) }.html().expect("rendered")
    };
    let empty = html(None);
    assert!(
        empty.contains(r#"<option value="landelijke-ips-regeling-gemeenten">Landelijke IPS-regeling voor gemeenten</option>"#),
        "{empty}"
    );
    assert!(empty.contains(r#"data-when="scheme=:other""#) && empty.contains(r#"name="scheme.other""#), "{empty}");
    assert!(empty.contains("Tot nu: Regeling 7") && !empty.contains("regeling-7"), "{empty}");
    let kept = html(Some(forms::values(&[("scheme", "regeling-8")])));
    assert!(kept.contains(r#"<option value="regeling-8" selected>Regeling 8</option>"#), "{kept}");
}

#[test]
fn after_the_end_no_day_is_likely_and_the_script_knows_the_last_one() {
    let both = || vec![Thing { id: uuid(701), of: Of::Job { employer: None, hours: None }, since: day(2025, 4, 7) }];
    for asks in [Asks::Contact, Asks::Engagement, Asks::PaidWorkStopped(both()), Asks::EducationStarted] {
        let html = forms::ended(Lang::Nl, asks).html().expect("rendered");
        assert!(html.contains(r#"data-ended="2025-11-14" data-ended-words="14 november 2025""#), "{html}");
        assert!(html.contains("Het traject eindigde op 14 november 2025. Vul die dag of een eerdere in."), "{html}");
        assert!(!html.contains("data-default") && !html.contains("data-day=") && !html.contains(r#"maxlength="2" value="#), "{html}");
    }
    // What was filled in stays; the last day itself is what an outflow asks.
    let filled = Some(forms::values(&[("occurred_on.day", "3")]));
    let kept = EventForm { filled, ..forms::ended(Lang::Nl, Asks::Contact) }.html().expect("rendered");
    assert!(kept.contains(r#"value="3""#) && !kept.contains("data-day="), "{kept}");
    let outflow = forms::ended(Lang::Nl, Asks::Outflow(Vec::new())).html().expect("rendered");
    assert!(!outflow.contains("data-ended") && outflow.contains("data-day="), "{outflow}");
    // Where it ended today, today is as likely as ever.
    let form = forms::form(Lang::Nl, Asks::Contact);
    let about = pages::About { ended: Some(form.today), ..form.about };
    assert!(EventForm { about, ..form }.html().expect("rendered").contains(r#"data-default="today""#));
}

#[test]
fn whose_a_new_trajectory_is_is_asked_of_who_chooses_it() {
    let html = |coaches: Vec<Choosable>| {
        let asks = Asks::Intake { regions: forms::regions(), region: String::new(), coach: "coach-1".to_owned(), coaches };
        forms::form(Lang::Nl, asks).html().expect("rendered")
    };
    assert!(html(Vec::new()).contains(r#"<input type="hidden" name="coach" value="coach-1">"#));
    let chosen = html(vec![Choosable::new("coach-1", "Marieke de Boer"), Choosable::new("coach-2", "Joost Verhagen")]);
    assert!(
        chosen.contains(r#"<option value="coach-1" selected>Marieke de Boer</option>"#)
            && !chosen.contains(r#"type="hidden" name="coach""#)
    );
}

#[test]
fn variants_are_of_ips_and_what_was_told_can_be_mended() {
    let html = |method: &str, filled| {
        let now = Box::new(Facts { method: method.to_owned(), ..Facts::default() });
        EventForm { filled, ..forms::form(Lang::Nl, Asks::TrajectoryChanged { now, regions: forms::regions() }) }.html().expect("rendered")
    };
    let asked = |html: String| html.contains(r#"name="variant""#);
    assert!(asked(html("ips", None)) && !asked(html("wabz", None)));
    assert!(asked(html("wabz", Some(forms::values(&[("variant", "unknown")])))));
}

#[test]
fn after_the_intake_was_retracted_there_is_no_trajectory_to_go_to() {
    let html = |meant| {
        let what = What::Intake { client: uuid(800), method: "ips".to_owned(), with: Box::default() };
        let one = Retractable { id: uuid(907), what, on: day(2025, 3, 1), meant };
        forms::form(Lang::Nl, Asks::Retraction(vec![one])).html().expect("rendered")
    };
    assert!(html(true).contains(r#"data-next="/""#) && !html(false).contains("data-next"));
}

#[test]
fn the_intake_goes_with_everything_and_everything_is_named() {
    let nl = forms::whole_retraction(Lang::Nl).html().expect("rendered");
    assert!(
        nl.contains("<h1 class=\"utrecht-heading-1\">Hele traject intrekken</h1>")
            && nl.contains("disabled>Hele traject intrekken</button>")
    );
    assert!(nl.contains("Deze 11 gebeurtenissen vervallen") && nl.contains("En nog 1 gebeurtenis"));
    assert_eq!(nl.matches(r#"<input type="hidden" name="event_id""#).count(), 11);
    assert_eq!(nl.matches("<li class=\"utrecht-unordered-list__item\">").count(), 11);
    assert!(!nl.contains(r#"type="checkbox""#), "there is nothing to leave out");
    assert!(nl.contains(&format!("/aanpassen/{}", uuid(900))), "only something in it may be wrong");
    let en = forms::whole_retraction(Lang::En).html().expect("rendered");
    assert!(en.contains("Retract the whole trajectory") && en.contains("These 11 events go") && en.contains("And 1 more event"));
}

#[test]
fn an_intake_is_not_chosen_among_others_but_leads_to_all_of_it() {
    let Asks::Retraction(mut events) = forms::whole_retraction(Lang::Nl).asks else { panic!("a retraction") };
    events.iter_mut().for_each(|event| event.meant = false);
    let html = forms::form(Lang::Nl, Asks::Retraction(events)).html().expect("rendered");
    assert_eq!(html.matches(r#"type="checkbox" name="event_id""#).count(), 10);
    assert!(html.contains(&format!(r#"/intrekken/{}">Hele traject intrekken"#, uuid(900))));
}

#[test]
fn where_nothing_goes_on_there_is_what_to_do_and_a_form_for_what_was_begun_before() {
    let now = Box::new(Terms::default());
    for (asks, words, first) in [
        (Asks::PaidWorkStopped(Vec::new()), "Er loopt geen betaald werk.", "paid-work-started"),
        (Asks::PaidWorkChanged { of: Vec::new(), now }, "Er is geen betaald werk vastgelegd.", "paid-work-started"),
        (Asks::PlacementStopped(Vec::new()), "Er loopt geen plaatsing.", "placement-started"),
        (Asks::EducationStopped(Vec::new()), "Er loopt geen opleiding.", "education-started"),
    ] {
        let html = forms::form(Lang::Nl, asks).html().expect("rendered");
        assert!(html.contains("class=\"lone nothing-to-fill-in\"") && html.contains(words), "{words}: {html}");
        assert!(html.contains("<form class=\"form log\" hidden "), "shown by a script where an entry was refused: {html}");
        assert!(html.contains(&format!("/trajecten/{}/vastleggen/{first}\"", uuid(1))) && html.contains("#gebeurd"), "{words}");
    }
}

#[test]
fn a_name_is_counted_and_every_form_can_be_cancelled() {
    let most = format!(r#"data-most="{}""#, pages::LONGEST_NAME);
    for form in forms::every(Lang::Nl) {
        let html = form.html().expect("rendered");
        let asks_a_name = matches!(form.asks, Asks::Intake { .. } | Asks::TrajectoryChanged { .. });
        assert_eq!(html.contains(&most), asks_a_name, "{html}");
        assert!(html.contains("data-cancel>Annuleren</a>"));
    }
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/js/events.js")).expect("the script");
    assert!(script.contains(&format!("const LONGEST = {{ label: {} }};", pages::LONGEST_NAME)));
}

#[test]
fn what_is_not_known_is_said_with_the_same_words_everywhere_in_a_form() {
    for form in forms::every(Lang::Nl) {
        let html = form.html().expect("rendered");
        assert!(!html.contains("eet ik nog niet") && !html.contains("eet ik niet meer"), "{html}");
    }
}

#[test]
fn what_can_be_retracted_is_told_by_the_day_that_its_form_asks_for() {
    let of = |what, on| {
        let html =
            forms::form(Lang::Nl, Asks::Retraction(vec![Retractable { id: uuid(907), what, on, meant: true }])).html().expect("rendered");
        let (_, rest) = html.split_once(r#"<span class="choice-more">"#).expect("an explanation");
        rest.split_once("</span>").expect("its end").0.to_owned()
    };
    let april = day(2025, 4, 1);
    let job = Some("Bakkerij Van Vliet".to_owned());
    assert_eq!(of(What::WorkStopped { id: uuid(701), job, reason: None }, april), "Bakkerij Van Vliet, laatste dag 31 maart 2025");
    let kind = Some("volunteer_work".to_owned());
    assert_eq!(of(What::PlacementStopped { id: uuid(703), kind, reason: None }, april), "Vrijwilligerswerk, laatste dag 31 maart 2025");
    assert_eq!(of(What::EducationStopped { id: uuid(704), level: None, completed: None }, april), "laatste dag 31 maart 2025");
    let method = "ips".to_owned();
    let with = Box::new(pages::Circumstances { funding: Change::To("uwv".to_owned()), ..Default::default() });
    let one = Retractable { id: uuid(907), what: What::Intake { client: uuid(800), method, with }, on: april, meant: true };
    let html = forms::form(Lang::Nl, Asks::Retraction(vec![one])).html().expect("rendered");
    assert!(html.contains("Deze gebeurtenis vervalt") && html.contains(", 1 april 2025</li>") && !html.contains(".,"), "{html}");
}

#[test]
fn a_form_tells_the_script_when_the_trajectory_began() {
    assert!(forms::form(Lang::Nl, Asks::Contact).html().expect("rendered").contains(r#"data-began="2025-01-13""#));
}

#[test]
fn nothing_that_is_typed_is_cut() {
    for form in forms::every(Lang::Nl) {
        let html = form.html().expect("rendered");
        assert!(html.split("<textarea ").skip(1).all(|area| !area.split('>').next().expect("a tag").contains("maxlength")), "{html}");
    }
}
