//! Signing in.

use pages::{DemoAccount, Lang, Occasion, Onward, Role, SignIn};

use super::{Sample, frame, nobody, sample};

pub fn page(lang: Lang, occasion: Occasion) -> SignIn {
    let demo = Role::ALL.into_iter().map(|role| DemoAccount {
        value: role.code().to_owned(),
        name: frame(lang, role).who.expect("somebody").name,
        role,
        organisation: "ggz Voorbeeld".to_owned(),
    });
    SignIn {
        frame: nobody(lang),
        occasion,
        next: String::new(),
        passwords: true,
        provider: None,
        login: String::new(),
        demo: demo.collect(),
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let provider = Some("ggz Voorbeeld".to_owned());
    let of_provider = |occasion| SignIn { passwords: false, provider: provider.clone(), demo: Vec::new(), ..page(lang, occasion) };
    let onward = Onward {
        frame: nobody(lang),
        provider: "ggz Voorbeeld".to_owned(),
        address: "https://inloggen.voorbeeld.example/auth?response_type=code&client_id=trajectlog".to_owned(),
    };
    vec![
        sample("sign-in", &page(lang, Occasion::Fresh)),
        sample("sign-in-wrong", &page(lang, Occasion::Wrong)),
        sample("sign-in-provider", &of_provider(Occasion::Fresh)),
        sample("sign-in-no-account", &of_provider(Occasion::NoAccount)),
        sample("sign-in-onward", &onward),
        sample("sign-in-again", &SignIn { demo: Vec::new(), next: "/wachtrij".to_owned(), ..page(lang, Occasion::SessionOver) }),
    ]
}
