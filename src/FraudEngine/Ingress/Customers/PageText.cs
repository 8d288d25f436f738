namespace FraudEngine.Ingress.Customers;

/// <summary>The words of the page behind the links in alerts, in one language. Nothing in them is HTML.</summary>
internal sealed record PageText
{
    public static PageText English { get; } = new()
    {
        Language = "en",
        QuestionTitle = "Was this you?",
        Declined = "We stopped this payment because it looked unusual:",
        Reviewed = "We are holding this payment back because it looked unusual:",
        Yes = "Yes, it was me",
        No = "No, it wasn’t me",
        Hint = "Nothing happens until you choose. We never ask for passwords, PINs or card numbers here.",
        Amount = "Amount",
        Merchant = "Paid to",
        Time = "Time",
        Account = "Account",
        AccountEnding = "ending in {0}",
        DeniedTitle = "Thank you. Your account is protected.",
        DeniedDecline = "You said that this payment was not yours. Further payments from this account are stopped, and your bank will contact you.",
        DeniedReview = "You said that this payment was not yours. Further payments from this account wait until your bank has checked them, and it will contact you.",
        ConfirmedTitle = "Thank you for telling us.",
        Confirmed = "You said that this payment was yours.",
        ConfirmedPattern = "For the next {0} days similar payments won’t alert you.",
        ConfirmedPatternOneDay = "For a day similar payments won’t alert you.",
        ConfirmedDecline = "It was stopped when it was made: if you still want it, please make it again.",
        ConfirmedReview = "If it doesn’t go through by itself, please make it again.",
        AnsweredTitle = "You have already answered.",
        AnsweredConfirmed = "On {0} you told us that this payment was yours.",
        AnsweredDenied = "On {0} you told us that this payment was not yours. Your bank will contact you.",
        AnsweredChange = "An answer can’t be changed here. If it was a mistake, please call your bank.",
        ExpiredTitle = "This link has expired.",
        Expired = "The payment can’t be answered here any more. If it was not yours, please call your bank.",
        UnknownTitle = "This link doesn’t work.",
        Unknown = "It may have been copied incompletely. Please open it again from the message that we sent you, or call your bank.",
        UnavailableTitle = "We can’t take your answer right now.",
        Unavailable = "Nothing is lost. Please try again in a minute. If the payment was not yours, you can also call your bank.",
        RefusedTitle = "Please open the link again.",
        Refused = "The answer was not sent from our page, so it was not taken. Open the link from the message that we sent you.",
        ChooseTitle = "Please choose an answer.",
        Choose = "The answer didn’t arrive. Open the link again and choose one of the two buttons.",
    };

    public static PageText German { get; } = new()
    {
        Language = "de",
        QuestionTitle = "Waren Sie das?",
        Declined = "Wir haben diese Zahlung angehalten, weil sie ungewöhnlich aussah:",
        Reviewed = "Wir halten diese Zahlung zurück, weil sie ungewöhnlich aussah:",
        Yes = "Ja, das war ich",
        No = "Nein, das war ich nicht",
        Hint = "Es geschieht nichts, bevor Sie wählen. Wir fragen hier nie nach Passwörtern, PINs oder Kartennummern.",
        Amount = "Betrag",
        Merchant = "Bezahlt an",
        Time = "Zeit",
        Account = "Konto",
        AccountEnding = "endet auf {0}",
        DeniedTitle = "Danke. Ihr Konto ist geschützt.",
        DeniedDecline = "Sie haben gesagt, dass diese Zahlung nicht von Ihnen war. Weitere Zahlungen von diesem Konto sind gesperrt, und Ihre Bank meldet sich bei Ihnen.",
        DeniedReview =
            "Sie haben gesagt, dass diese Zahlung nicht von Ihnen war. Weitere Zahlungen von diesem Konto warten, bis Ihre Bank sie geprüft hat, und sie meldet sich bei Ihnen.",
        ConfirmedTitle = "Danke für Ihre Antwort.",
        Confirmed = "Sie haben gesagt, dass diese Zahlung von Ihnen war.",
        ConfirmedPattern = "In den nächsten {0} Tagen fragen wir bei ähnlichen Zahlungen nicht mehr nach.",
        ConfirmedPatternOneDay = "Einen Tag lang fragen wir bei ähnlichen Zahlungen nicht mehr nach.",
        ConfirmedDecline = "Die Zahlung selbst wurde angehalten: Wenn Sie sie noch wollen, führen Sie sie bitte noch einmal aus.",
        ConfirmedReview = "Falls die Zahlung nicht von selbst ausgeführt wird, führen Sie sie bitte noch einmal aus.",
        AnsweredTitle = "Sie haben schon geantwortet.",
        AnsweredConfirmed = "Am {0} haben Sie uns gesagt, dass diese Zahlung von Ihnen war.",
        AnsweredDenied = "Am {0} haben Sie uns gesagt, dass diese Zahlung nicht von Ihnen war. Ihre Bank meldet sich bei Ihnen.",
        AnsweredChange = "Eine Antwort lässt sich hier nicht ändern. Wenn sie ein Versehen war, rufen Sie bitte Ihre Bank an.",
        ExpiredTitle = "Dieser Link ist abgelaufen.",
        Expired = "Zu dieser Zahlung können Sie hier nichts mehr sagen. Wenn sie nicht von Ihnen war, rufen Sie bitte Ihre Bank an.",
        UnknownTitle = "Dieser Link funktioniert nicht.",
        Unknown = "Vielleicht wurde er nicht ganz kopiert. Öffnen Sie ihn bitte noch einmal aus unserer Nachricht, oder rufen Sie Ihre Bank an.",
        UnavailableTitle = "Wir können Ihre Antwort gerade nicht annehmen.",
        Unavailable = "Es ist nichts verloren. Versuchen Sie es bitte in einer Minute noch einmal. Wenn die Zahlung nicht von Ihnen war, können Sie auch Ihre Bank anrufen.",
        RefusedTitle = "Bitte öffnen Sie den Link noch einmal.",
        Refused = "Die Antwort kam nicht von unserer Seite und wurde deshalb nicht angenommen. Öffnen Sie den Link aus unserer Nachricht.",
        ChooseTitle = "Bitte wählen Sie eine Antwort.",
        Choose = "Die Antwort ist nicht angekommen. Öffnen Sie den Link noch einmal und wählen Sie eine der beiden Schaltflächen.",
    };

    /// <summary>As the page's <c>lang</c> says it.</summary>
    public required string Language { get; init; }

    public required string QuestionTitle { get; init; }

    public required string Declined { get; init; }

    public required string Reviewed { get; init; }

    public required string Yes { get; init; }

    public required string No { get; init; }

    public required string Hint { get; init; }

    public required string Amount { get; init; }

    public required string Merchant { get; init; }

    public required string Time { get; init; }

    public required string Account { get; init; }

    public required string AccountEnding { get; init; }

    public required string DeniedTitle { get; init; }

    public required string DeniedDecline { get; init; }

    public required string DeniedReview { get; init; }

    public required string ConfirmedTitle { get; init; }

    public required string Confirmed { get; init; }

    public required string ConfirmedPattern { get; init; }

    public required string ConfirmedPatternOneDay { get; init; }

    public required string ConfirmedDecline { get; init; }

    public required string ConfirmedReview { get; init; }

    public required string AnsweredTitle { get; init; }

    public required string AnsweredConfirmed { get; init; }

    public required string AnsweredDenied { get; init; }

    public required string AnsweredChange { get; init; }

    public required string ExpiredTitle { get; init; }

    public required string Expired { get; init; }

    public required string UnknownTitle { get; init; }

    public required string Unknown { get; init; }

    public required string UnavailableTitle { get; init; }

    public required string Unavailable { get; init; }

    public required string RefusedTitle { get; init; }

    public required string Refused { get; init; }

    public required string ChooseTitle { get; init; }

    public required string Choose { get; init; }

    /// <summary>In a customer's language; null where that is none of these.</summary>
    public static PageText? Of(string language) => language switch
    {
        "en" => English,
        "de" => German,
        _ => null,
    };

    /// <summary>The first of these that a browser asks for, English where that is none.</summary>
    public static PageText OfAccepted(IEnumerable<string> byPreference) =>
        byPreference.Select(static tag => Of(tag.Split('-')[0].ToLowerInvariant())).FirstOrDefault(static text => text is not null) ?? English;
}
