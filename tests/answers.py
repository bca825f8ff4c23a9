"""A dozen answers in four languages, as bodies of POST /v1/feedback."""

from __future__ import annotations

from typing import Any

ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "external_id": "pl-1",
        "text": "Kurier zostawił paczkę pod drzwiami i zginęła. Dzwonię trzeci raz, nikt nie "
        "oddzwania. Jeśli nie oddacie pieniędzy, zgłaszam sprawę do UOKiK.",
        "score": 0,
        "respondent": {"id": "r-1", "name": "Anna Wójcik", "gender": "f", "tier": "plus"},
        "attributes": {"shop": "Gdynia"},
    },
    {
        "external_id": "pl-2",
        "text": "Paczka przyszła dzień wcześniej, pan kurier bardzo miły. Dziękuję!",
        "score": 10,
        "respondent": {"id": "r-2", "name": "Marek Lis", "gender": "m"},
    },
    {
        "external_id": "pl-3",
        "text": "Przesyłka doszła, ale pudełko było rozerwane.",
        "score": 7,
        "respondent": {"id": "r-3", "name": "Ewa Sowa", "gender": "f"},
    },
    {
        "external_id": "cs-1",
        "text": "Zásilka měla přijít v pondělí, dnes je pátek a na lince mi nikdo nic neřekne. "
        "Příště objednám jinde.",
        "score": 1,
        "respondent": {"id": "r-4", "name": "Jana Dvořáková", "gender": "f"},
    },
    {"external_id": "cs-2", "text": "Všechno v pořádku, výdejna je hned za rohem.", "score": 9},
    {
        "external_id": "cs-3",
        "text": "Box byl zase plný, pro balík jsem musel přes celé město.",
        "score": 5,
        "respondent": {"id": "r-6", "name": "Petr Novotný", "gender": "m"},
    },
    {
        "external_id": "et-1",
        "text": "Pakk seisis kaks nädalat kuskil laos ja klienditugi ei vasta kirjadele.",
        "score": 2,
        "respondent": {"id": "r-7", "name": "Katrin Tamm", "gender": "f"},
    },
    {"external_id": "et-2", "text": "Kiire ja mugav, aitäh!", "score": 10},
    {
        "external_id": "et-3",
        "text": "Pakiautomaat oli katki, aga kuller aitas.",
        "score": 8,
        "respondent": {"id": "r-9", "name": "Jaan Kask", "gender": "m"},
    },
    {
        "external_id": "en-1",
        "text": "My parcel was marked as delivered but it never arrived. I have written twice and "
        "heard nothing, so I am taking this to my solicitor.",
        "score": 1,
        "respondent": {"id": "r-10", "name": "Clive Rudge", "account": "Rudge & Sons"},
    },
    {"external_id": "en-2", "text": "Quick delivery and a friendly driver.", "score": 9},
    {
        "external_id": "en-3",
        "text": "It came on time, but the app kept logging me out.",
        "score": 7,
        "respondent": {"id": "r-12", "name": "Amy Kelly"},
    },
)
