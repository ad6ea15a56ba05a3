#!/usr/bin/env python3
"""Does the quarterly report of the program say what the published report on 2025Q1 said?

    python3 tests/report/published.py --bin target/release/trajectlog --data FOLDER [--spec FILE] [--keep FOLDER] [--no-pdf] [--verbose]

FOLDER is the data folder of the synthetic national log that reproduces the published report (`trajectlog generate --published`, imported, or
that of `trajectlog demo`). The report on 2025Q1 is made twice, as HTML and as PDF, as of the moment of its publication and compared with 2024Q4 and
2024Q1 as of theirs. The PDF is read back by pdftotext (Debian poppler-utils). Then each number of the published report (published-2025Q1.json, or
what it printed beside those) is looked for in the section where it belongs, with its words, in both.

Prints a table, a number a line: where it stood, the source's number, ours, and whether page and document have it. Ends with
`N numbers, M missing or different`. Exit 0: none; 1: some; 2: wrong use; 3: the program or pdftotext could not be run.
Python 3.9 or later, standard library only.
"""
from __future__ import annotations

import argparse
import html
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.join(HERE, "..", "..", "shared", "synthetic", "data", "published-2025Q1.json")
MOMENTS = ["--as-of", "2025-05-15T12:00:00Z", "--compared-as-of", "2024Q4=2025-02-15T12:00:00Z",
           "--compared-as-of", "2024Q1=2024-05-15T12:00:00Z"]
Q4, Q1 = "kwartaal 4 van 2024", "kwartaal 1 van 2024"


def dutch(n) -> str:
    return f"{n:,}".replace(",", ".") if isinstance(n, int) else str(n).replace(".", ",").replace("-", "−")


def expected(spec: dict) -> list:
    """(section of ours, where it stood in the source, its number, the words of ours that hold it; a pattern when they begin with ~)."""
    def at(path, tree=spec):
        for key in path.split("."):
            tree = tree[key]
        return tree

    a = {k: dutch(v) for k, v in spec["all"].items()}
    m = {name: {k: dutch(v) for k, v in of.items()} for name, of in spec["by_method"].items()}
    q4, q1 = spec["vintages"]["2024Q4"], spec["vintages"]["2024Q1"]
    pct = {k: dutch(v) for k, v in spec["all_percentages"].items()}
    ips, wabz, job, fit, naar, other = (m[k] for k in ("ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other"))
    rows = []

    def add(section, where, number, words):
        rows.append((section, where, number, words))

    s = "Algemene resultaten"
    add(s, "text", a["running"], f"kregen {a['running']} cliënten begeleiding naar betaald werk")
    add(s, "text", "85,8%", f"{ips['running']} met IPS (85,8%; {ips['running']} van {a['running']})")
    add(s, "text", "+104", f"In totaal zijn dat er 104 meer dan in {Q4}")
    add(s, "text", "−140", f"140 minder dan in {Q1}")
    add(s, "text", a["organisations"], f"{a['organisations']} ggz-organisaties leverden")
    add(s, "text", a["started"], f"Begonnen: {a['started']} cliënten")
    add(s, "text", f"{a['paid_work']}, {pct['paid_work']}%", f"Betaald werk: {a['paid_work']} cliënten ({pct['paid_work']}%; {a['paid_work']} van {a['running']})")
    add(s, "text", "−1,4 points", f"1,4 procentpunt lager dan in {Q4}")
    add(s, "text", f"{a['sustainable_work']}, {pct['sustainable_work']}%", f"Duurzaam betaald werk: {a['sustainable_work']} cliënten ({pct['sustainable_work']}%; {a['sustainable_work']} van 4.645)")
    add(s, "text", f"{a['ever_paid_work']}, {pct['ever_paid_work']}%", f"Ooit betaald werk tijdens het traject: {a['ever_paid_work']} cliënten ({pct['ever_paid_work']}%")
    add(s, "text", a["ended"], f"Beëindigd: {a['ended']} cliënten")
    add(s, "text", f"{a['outflow_intended']}, {pct['outflow_intended']}%", f"Met het beoogde resultaat: {a['outflow_intended']} cliënten ({pct['outflow_intended']}%; {a['outflow_intended']} van {a['ended']})")
    add(s, "text", f"{a['outflow_not_intended']}, {pct['outflow_not_intended']}%", f"zonder: {a['outflow_not_intended']} cliënten ({pct['outflow_not_intended']}%; {a['outflow_not_intended']} van {a['ended']})")
    for name, key in (("IPS", "ips"), ("WABZ", "wabz"), ("Jobcoaching", "jobcoaching"), ("Werkfit", "werkfit"), ("Naar Werk", "naar_werk"), ("Overig", "other")):
        add(s, "figure 1a", m[key]["running"], f"~{name} {re.escape(m[key]['running'])} {re.escape(a['running'])} \\d")
    add(s, "figure 1b", f"{dutch(q1['all']['running'])} / {dutch(q4['all']['running'])}", f"Lopend {dutch(q1['all']['running'])} {dutch(q4['all']['running'])} {a['running']}")
    add(s, "figure 1b", a["started"], f"~Gestart [\\d.]+ [\\d.]+ {a['started']}")
    add(s, "figure 1b", f"{dutch(q4['all']['ended'])} / {a['ended']}", f"~Beëindigd [\\d.]+ {dutch(q4['all']['ended'])} {a['ended']}")

    s = "Individuele Plaatsing en Steun (IPS)"
    fund = spec["by_method_funding"]["ips"]
    variant = spec["by_method_variant"]["ips"]
    known = dutch(spec["by_method"]["ips"]["running"] - variant["none"]["running"])
    add(s, "number", ips["running"], f"Lopend: {ips['running']} cliënten. Dat zijn er 26 meer dan in {Q4}")
    add(s, "number", "+4", f"4 meer dan in {Q1}")
    add(s, "number", ips["started"], f"Gestart: {ips['started']} cliënten")
    add(s, "number", ips["ended"], f"Beëindigd: {ips['ended']} cliënten")
    for key, words, share in (("municipality", "via de gemeente", "44,5%"), ("uwv", "via UWV", "35,6%")):
        n = dutch(fund[key]["running"])
        add(s, "number", f"{n}, {share}", f"{words} {n} cliënten ({share}; {n} van {ips['running']})")
    add(s, "figure 2", dutch(fund["other"]["running"]), f"Financiering: Overig {dutch(fund['other']['running'])} {ips['running']}")
    for key, words, share in (("epa", "EPA (driejarig)", "69,1%"), ("cmd", "CMD (tweejarig)", "19,2%")):
        n = dutch(variant[key]["running"])
        add(s, "number", f"{n}, {share}", f"{words}: {n} cliënten ({share}; {n} van {known})")
        add(s, "figure 2", n, f"Type: {words} {n} {known} {share}")
    add(s, "number", "municipality rises", f"via de gemeente gestegen ten opzichte van zowel {Q4} als {Q1}")
    add(s, "number", "UWV falls", f"via UWV gedaald ten opzichte van zowel {Q4} als {Q1}")
    add(s, "number", dutch(spec["scheme_started_year_to_date"]["landelijke-ips-regeling-gemeenten"]), "Onder de landelijke IPS-regeling voor gemeenten begonnen van 1 januari tot en met 31 maart 2025 248 IPS-trajecten")
    add(s, "work", f"{ips['paid_work']}, 36,3%", f"Betaald werk: {ips['paid_work']} cliënten (36,3%; {ips['paid_work']} van {ips['running']})")
    add(s, "work", "−0,4 points", f"nagenoeg gelijk aan dat in {Q4} (−0,4 procentpunt")
    add(s, "work", "2,3 points", f"2,3 procentpunt hoger dan in {Q1}")
    add(s, "work", "+97", f"97 meer dan in {Q1}")
    add(s, "work", f"{ips['sustainable_work']}, 30,2%", f"Duurzaam is het werk van {ips['sustainable_work']} cliënten (30,2%; {ips['sustainable_work']} van {ips['running']})")
    add(s, "work", f"{ips['paid_work_started']} and {ips['paid_work_stopped']}", f"begonnen {ips['paid_work_started']} cliënten met betaald werk en stopten {ips['paid_work_stopped']} cliënten")
    add(s, "work", f"{ips['ever_paid_work']}, 44,4%", f"Op enig moment van het traject betaald gewerkt: {ips['ever_paid_work']} cliënten (44,4%")
    mun = fund["municipality"]
    add(s, "work", "33,3%", f"heeft 33,3% betaald werk ({dutch(mun['paid_work'])} van {dutch(mun['running'])}). Dat is lager dan het gemiddelde")
    add(s, "work", "33,6%", f"{ips['first_job_within_3_months']} cliënten (33,6%; {ips['first_job_within_3_months']} van {ips['paid_work']})")
    add(s, "work", "39,6%", f"{ips['first_job_after_9_months']} cliënten (39,6%; {ips['first_job_after_9_months']} van {ips['paid_work']})")
    add(s, "work", "sooner than before", f"~Het aandeel dat binnen 3 maanden werk vond is (nagenoeg gelijk|[\\d,]+ procentpunt hoger)")
    for name, key, share in (("Betaald werk", "paid_work", "36,3%"), ("Duurzaam betaald werk", "sustainable_work", "30,2%"), ("Ooit betaald werk tijdens traject", "ever_paid_work", "44,4%")):
        add(s, "figure 3a", share, f"{name}, Q1 2025 {ips[key]} {ips['running']} {share}")
    add(s, "figure 3a", dutch(q4["by_method"]["ips"]["paid_work"]), f"Betaald werk, Q4 2024 {dutch(q4['by_method']['ips']['paid_work'])} {dutch(q4['by_method']['ips']['running'])}")
    add(s, "figure 3a", dutch(q1["by_method"]["ips"]["paid_work"]), f"Betaald werk, Q1 2024 {dutch(q1['by_method']['ips']['paid_work'])} {dutch(q1['by_method']['ips']['running'])}")
    add(s, "figure 3b", "33,3%", f"Financiering: Gemeente {dutch(mun['paid_work'])} {dutch(mun['running'])} 33,3%")
    add(s, "work", ips["trial_placement"], f"{ips['trial_placement']} cliënten ")
    add(s, "work", ips["volunteer_or_work_experience"], f"~{ips['volunteer_or_work_experience']} cliënten \\([^)]*\\) met vrijwilligerswerk of een werkervaringsplaats")
    add(s, "work", ips["day_activity"], f"~{ips['day_activity']} cliënten \\([^)]*\\) met arbeidsmatige dagbesteding")
    add(s, "work", "20,6%", f"Opgeteld zijn dat er {ips['unpaid_sum']} (20,6%; {ips['unpaid_sum']} van {ips['running']})")
    add(s, "work", f"{ips['education']}, 8,8%", f"{ips['education']} cliënten volgden een opleiding (8,8%; {ips['education']} van {ips['running']})")
    add(s, "work", f"{ips['education_started']} and {ips['education_stopped']}", f"Met een opleiding begonnen {ips['education_started']} cliënten en stopten {ips['education_stopped']} cliënten")
    add(s, "work", "+25 and +51", f"~Dat zijn er 25 meer dan in {Q4} [^.]* en 51 meer dan in {Q1}")
    add(s, "outflow", f"{ips['ended']}, 15,1%", f"Beëindigd: {ips['ended']} cliënten (15,1%; {ips['ended']} van {ips['running']})")
    add(s, "outflow", "−20,8%", f"165 minder dan in {Q4} (−20,8%)")
    add(s, "outflow", ips["outflow_paid_work"], f"Met betaald werk op de dag van uitstroom: {ips['outflow_paid_work']} cliënten")
    add(s, "outflow", ips["outflow_paid_work_earlier"], f"maar eerder in het traject wel: {ips['outflow_paid_work_earlier']} cliënten")
    add(s, "outflow", ips["outflow_never_paid_work"], f"Tijdens het traject nooit betaald gewerkt: {ips['outflow_never_paid_work']} cliënten")
    add(s, "outflow", "58,1%", f"{ips['outflow_intended']} cliënten (58,1%; {ips['outflow_intended']} van {ips['ended']})")
    for name, key in (("Met betaald werk", "outflow_paid_work"), ("Zonder, maar eerder wel betaald werk", "outflow_paid_work_earlier"), ("Nooit betaald werk tijdens traject", "outflow_never_paid_work")):
        add(s, "figure 4", ips[key], f"{name} {ips[key]} {ips['ended']}")

    s = "Jobcoaching"
    fund = spec["by_method_funding"]["jobcoaching"]
    add(s, "text", job["organisations"], f"komen van {job['organisations']} ggz-organisaties")
    add(s, "number", job["running"], f"In een lopend traject: {job['running']} cliënten")
    add(s, "number", "−23", f"23 minder dan in {Q4}")
    add(s, "number", "−133", f"133 minder dan in {Q1}")
    add(s, "number", f"{job['started']} and {job['ended']}", f"begonnen {job['started']} cliënten een traject en beëindigden {job['ended']} cliënten er een")
    for key, words, share in (("uwv", "via UWV", "38,7%"), ("municipality", "via de gemeente", "54,0%"), ("other", "via overige financiering", "7,3%")):
        n = dutch(fund[key]["running"])
        add(s, "number", share, f"{n} trajecten ({share}; {n} van {job['running']}) {words}")
        add(s, "figure 5b", share, f"{share} ({n})")
    add(s, "number", f"all {job['outflow_intended']}", f"Alle {job['outflow_intended']} cliënten die uitstroomden, hadden op dat moment betaald werk")
    add(s, "figure 5a", f"{job['running']}", f"Lopend {dutch(q1['by_method']['jobcoaching']['running'])} {dutch(q4['by_method']['jobcoaching']['running'])} {job['running']}")
    for words, key, share in (("Korter dan 6 maanden", "employed_under_6_months", "9,8%"), ("6 tot 12 maanden", "employed_6_to_12_months", "4,9%"), ("12 maanden of langer", "employed_over_12_months", "85,2%")):
        add(s, "duration", f"{job[key]}, {share}", f"{words} in dienst: {job[key]} cliënten ({share}; {job[key]} van 122)")
        add(s, "figure 6", job[key], f"{words} {job[key]} 122 {share}")
    add(s, "duration", f"{job['employed_unknown']} unknown", f"Van {job['employed_unknown']} cliënten is geen lopend dienstverband bekend")

    s = "Werkfit en Naar Werk (UWV)"
    add(s, "number", fit["running"], f"Werkfit: {fit['running']} lopende trajecten")
    add(s, "number", naar["running"], f"~Naar Werk: {naar['running']} lopende trajecten. Dat zijn er \\d+ meer dan in {Q4} [^.]* en \\d+ meer dan in {Q1}")
    add(s, "number", "Werkfit starts fall", f"~Gestart: [^.]*\\. Dat zijn er \\d+ minder dan in {Q4} [^.]* en \\d+ minder dan in {Q1}")
    add(s, "figure 7", fit["ended"], f"~Werkfit, beëindigd \\d+ {q4['by_method']['werkfit']['ended']} {fit['ended']}")
    add(s, "figure 7", naar["ended"], f"~Naar Werk, beëindigd \\d+ {q4['by_method']['naar_werk']['ended']} {naar['ended']}")
    for name, of, yes, no in (("Werkfit", fit, "59,7%", "40,3%"), ("Naar Werk", naar, "36,4%", "63,6%")):
        i, n, e = of["outflow_intended"], of["outflow_not_intended"], of["ended"]
        add(s, "outflow", f"{i}, {yes}; {n}, {no}", f"{name}: met het beoogde resultaat {i} cliënten ({yes}; {i} van {e}), zonder {n} cliënten ({no}; {n} van {e})")
        add(s, "figure 8", i, f"{name}, Q1 2025 {i} ({yes}) {n} ({no})")
    add(s, "outflow", "Werkfit falls", f"~zijn het er {q4['by_method']['werkfit']['outflow_intended'] - spec['by_method']['werkfit']['outflow_intended']} minder dan in {Q4}")
    add(s, "outflow", "Naar Werk equal", f"evenveel als in {Q4}")

    s = "Werk als Beste Zorg (WABZ)"
    fund = spec["by_method_funding"]["wabz"]
    add(s, "text", wabz["organisations"], f"{wabz['organisations']} ggz-organisaties leverden gegevens over WABZ")
    add(s, "number", wabz["running"], f"In een lopend traject: {wabz['running']} cliënten")
    add(s, "number", "−1 (0,6%)", f"1 minder dan in {Q4} (−0,6%)")
    for key, words in (("uwv", "via UWV"), ("municipality", "via de gemeente")):
        n = dutch(fund[key]["running"])
        add(s, "number", n, f"~{n} trajecten \\([^)]*\\) {words}")
    add(s, "number", "1", "~1 traject \\([^)]*\\) via overige financiering")
    add(s, "number", f"{wabz['started']} and {wabz['ended']}", f"begonnen {wabz['started']} cliënten een traject en beëindigden {wabz['ended']} cliënten er een")
    add(s, "figure 9", wabz["running"], f"~Lopend \\d+ {q4['by_method']['wabz']['running']} {wabz['running']}")
    for name, key, share in (("Betaald werk", "paid_work", "18,3%"), ("Duurzaam betaald werk", "sustainable_work", "17,8%"), ("Ooit betaald werk tijdens traject", "ever_paid_work", "20,7%"),
                             ("Vrijwilligerswerk of werkervaringsplaats", "volunteer_or_work_experience", "14,2%"), ("Arbeidsmatige dagbesteding", "day_activity", "4,7%"), ("Proefplaatsing", "trial_placement", "2,4%")):
        add(s, "results", f"{wabz[key]}, {share}", f"{name}: {wabz[key]} cliënten ({share}; {wabz[key]} van {wabz['running']})")
        add(s, "figure 10", wabz[key], f"{name} {wabz[key]} {wabz['running']} {share}")
    add(s, "results", "volunteering falls", f"~14,2%; [^)]*\\)\\. Dat zijn er \\d+ minder dan in {Q4} [^.]* en \\d+ minder dan in {Q1}")
    add(s, "results", "trial placements rise", f"~2,4%; [^)]*\\)\\. Dat zijn er \\d+ meer dan in {Q4} [^.]* en \\d+ meer dan in {Q1}")
    add(s, "outflow", wabz["ended"], f"Beëindigd: {wabz['ended']} cliënten")
    add(s, "outflow", wabz["outflow_paid_work"], f"met betaald werk op de dag van uitstroom: {wabz['outflow_paid_work']} cliënt (")
    add(s, "outflow", wabz["outflow_never_paid_work"], f"zonder tijdens het traject ooit betaald te hebben gewerkt: {wabz['outflow_never_paid_work']} cliënten")

    s = "Overige trajecten naar werk"
    fund = spec["by_method_funding"]["other"]
    add(s, "number", other["running"], f"In een lopend traject: {other['running']} cliënten. Dat zijn er 26 meer dan in {Q4}")
    add(s, "number", "falls", f"{q1['by_method']['other']['running'] - spec['by_method']['other']['running']} minder dan in {Q1}")
    for key, words in (("uwv", "via UWV"), ("municipality", "via de gemeente"), ("other", "via overige financiering")):
        n = dutch(fund[key]["running"])
        add(s, "number", n, f"~{n} trajecten \\([^)]*\\) {words}")
    add(s, "number", f"{other['started']} and {other['ended']}", f"begonnen {other['started']} cliënten een traject en beëindigden {other['ended']} cliënten er een")
    add(s, "figure 11", other["running"], f"Lopend {q1['by_method']['other']['running']} {q4['by_method']['other']['running']} {other['running']}")
    for name, key, share in (("Betaald werk", "paid_work", "34,2%"), ("Duurzaam betaald werk", "sustainable_work", "24,8%"), ("Ooit betaald werk tijdens het traject", "ever_paid_work", "43,0%"),
                             ("Proefplaatsing", "trial_placement", "4,7%"), ("Vrijwilligerswerk of werkervaringsplaats", "volunteer_or_work_experience", "20,8%"), ("Arbeidsmatige dagbesteding", "day_activity", "24,8%")):
        add(s, "results", f"{other[key]}, {share}", f"{name}: {other[key]} cliënten ({share}; {other[key]} van {other['running']})")
    for quarter, of, shares in (("Q1 2024", q1, ("36,4%", "29,8%", "37,8%")), ("Q4 2024", q4, ("42,3%", "28,5%", "48,8%")), ("Q1 2025", {"by_method": {"other": spec["by_method"]["other"]}}, ("34,2%", "24,8%", "43,0%"))):
        for name, key, share in zip(("Betaald werk", "Duurzaam betaald werk", "Ooit betaald werk tijdens traject"), ("paid_work", "sustainable_work", "ever_paid_work"), shares):
            cell = of["by_method"]["other"]
            add(s, "figure 12", share, f"{name}, {quarter} {cell[key]} {cell['running']} {share}")
    add(s, "outflow", f"{other['ended']}, 20,8%", f"Beëindigd: {other['ended']} cliënten (20,8%; {other['ended']} van {other['running']})")
    add(s, "outflow", other["outflow_paid_work"], f"met betaald werk op de dag van uitstroom: {other['outflow_paid_work']} cliënten")
    add(s, "outflow", other["outflow_never_paid_work"], f"zonder tijdens het traject ooit betaald te hebben gewerkt: {other['outflow_never_paid_work']} cliënten")

    s = "Conclusies"
    add(s, "text", a["running"], f"werden {a['running']} cliënten begeleid naar betaald werk, {ips['running']} met IPS (85,8%")
    add(s, "text", "35,5%", f"Betaald werk op de peildag: {a['paid_work']} cliënten (35,5%")
    add(s, "text", "58,1% and 50,5%", f"~{a['outflow_intended']} cliënten \\(58,1%; [^)]*\\)\\. Het percentage is [\\d,]+ procentpunt hoger dan in {Q4} \\(toen 50,5%; {q4['all']['outflow_intended']} van {q4['all']['ended']}\\)")
    add(s, "text", "jobcoaching falls", "~gedaald bij [^;.]*Jobcoaching \\(−23\\)")
    add(s, "text", "municipality rises", "Het aantal IPS-trajecten via de gemeente stijgt")
    add(s, "text", "UWV falls", "Het aantal IPS-trajecten via UWV daalt")

    s = "Bijlage 2. Veranderingen, op twee manieren uitgedrukt"
    for name, now, then, earlier, current in (("Alle, lopend", 4844, 4740, "+2,2%", "+2,1%"), ("Alle, lopend", 4844, 4984, "−2,8%", "−2,9%"), ("Overig, lopend", 149, 123, "+21,1%", "+17,4%"),
                                              ("IPS, met een opleiding", 366, 341, "+7,3%", "+6,8%"), ("IPS, met een opleiding", 366, 315, "+16,2%", "+13,9%"), ("IPS, beëindigd", 627, 792, "−20,8%", "−26,3%")):
        sign = "+" if now > then else "−"
        printed = earlier if name == "IPS, beëindigd" else current
        add(s, "changes", printed, f"{name} {dutch(then)} {dutch(now)} {sign}{dutch(abs(now - then))} {earlier} {current}")
    return rows


def sections_of_html(text: str) -> dict:
    text = re.sub(r"<svg.*?</svg>", " ", text, flags=re.S)
    parts = re.split(r"<h2[^>]*>(.*?)</h2>", text)
    plain = lambda of: re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", of))).strip()
    # Markup around numbers leaves blanks that no reader sees.
    return {plain(title): re.sub(r" ([.,;:)])", r"\1", plain(body)) for title, body in zip(parts[1::2], parts[2::2])}


def sections_of_pdf(text: str, titles: list) -> dict:
    text = re.sub(r"Werkmonitor: begeleiding naar betaald werk in [^\n]*?\d+ / \d+", " ", text)
    text = re.sub(r"\s+", " ", text.replace("\f", " "))
    found, begin = {}, text.find(titles[0] + " Dit rapport")
    for title, after in zip(titles, titles[1:] + [None]):
        end = text.find(f" {after} ", begin + len(title)) if after else len(text)
        found[title] = text[begin:end]
        begin = end
    return found


def has(text: str, words: str) -> bool:
    return re.search(words[1:], text) is not None if words.startswith("~") else words in text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--spec", default=SPEC)
    parser.add_argument("--keep", help="leave the reports in this folder")
    parser.add_argument("--no-pdf", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="also what was found")
    args = parser.parse_args()
    with open(args.spec, encoding="utf-8") as file:
        spec = json.load(file)
    folder = args.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    forms = ["html"] if args.no_pdf else ["html", "pdf"]
    for form in forms:
        command = [args.bin, "report", "--quarter", "2025Q1", "--data", args.data, "--out", f"{folder}/2025Q1.{form}", *MOMENTS]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            print(f"{' '.join(command)}: exit {run.returncode}\n{run.stderr}")
            return 3
    with open(f"{folder}/2025Q1.html", encoding="utf-8") as file:
        told = {"html": sections_of_html(file.read())}
    titles = [title for title in told["html"] if title != "Inhoud"]
    if "pdf" in forms:
        try:
            run = subprocess.run(["pdftotext", "-layout", f"{folder}/2025Q1.pdf", "-"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"pdftotext cannot be run: {error}")
            return 3
        told["pdf"] = sections_of_pdf(run.stdout, titles)
    missing, last = 0, None
    rows = expected(spec)
    for section, where, number, words in rows:
        if section != last:
            print(f"\n{section}")
            last = section
        found = [form for form in forms if has(told[form].get(section, ""), words)]
        fine = found == forms
        missing += not fine
        state = "page and document" if found == ["html", "pdf"] else ("page" if found == ["html"] else ("document" if found else "nowhere"))
        if not fine or args.verbose:
            print(f"  {'ok ' if fine else 'NOT'} {where:<10} {number:<22} {state:<18} {words}")
        else:
            print(f"  ok  {where:<10} {number:<22} {state}")
    print(f"\n{len(rows)} numbers, {missing} missing or different")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
