using System.Collections.Immutable;

namespace FraudEngine.Domain;

/// <summary>Why it was decided so, where that is by what stands for the account and not by a rule or a model.</summary>
public static class TermsReasons
{
    public static ReasonCode Held { get; } = new(
        "account-held",
        "The account is held: payments are stopped until it is released",
        texts: InGerman("Das Konto ist gesperrt: Zahlungen sind angehalten, bis es freigegeben wird"));

    public static ReasonCode ConfirmedPattern { get; } = new(
        "confirmed-by-customer",
        "The customer has confirmed such a payment before",
        isAgainst: false,
        texts: InGerman("Der Kunde hat eine solche Zahlung schon bestätigt"));

    /// <summary>Null where the decision has none.</summary>
    public static ReasonCode? Of(Decision decision) => decision.Held != Outcome.None ? Held : decision.IsConfirmedPattern ? ConfirmedPattern : null;

    private static ImmutableSortedDictionary<string, string> InGerman(string text) => ImmutableSortedDictionary<string, string>.Empty.Add("de", text);
}
