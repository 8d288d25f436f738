using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Customers;

/// <summary>The HTML of the page behind the links in alerts: no script, nothing from elsewhere, readable at any width, by keyboard and by screen readers.</summary>
internal static class RespondPage
{
    // Every pair of colours has a contrast of 4.5:1 or more, edges and focus 3:1.
    private const string Style =
        """
        :root{color-scheme:light dark;--page:#f3f4f6;--card:#fff;--text:#1b1f24;--soft:#4d5561;--line:#d5d9df;--yes:#0b6b3a;--no:#a3211b;--on:#fff;--focus:#0b57d0}
        @media (prefers-color-scheme:dark){:root{--page:#101318;--card:#1b2028;--text:#eef1f5;--soft:#b3bcc8;--line:#3a424e;--yes:#7ed3a2;--no:#ffb0a8;--on:#101318;--focus:#8ab4ff}}
        *{box-sizing:border-box}
        body{margin:0;padding:1rem;background:var(--page);color:var(--text);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        main{max-width:36rem;margin:0 auto;padding:1.5rem 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
        h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}
        p{margin:0 0 1rem}
        dl{margin:0 0 1.25rem;border-top:1px solid var(--line)}
        dl div{display:flex;justify-content:space-between;gap:1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
        dt{flex:none;color:var(--soft)}
        dd{margin:0;font-weight:600;text-align:end;overflow-wrap:anywhere}
        form{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.25rem}
        button{flex:1 1 14rem;min-height:3.25rem;padding:.5rem;border:2px solid transparent;border-radius:.5rem;color:var(--on);font:inherit;font-weight:600;cursor:pointer}
        .yes{background:var(--yes)}
        .no{background:var(--no)}
        button:hover{text-decoration:underline}
        :focus-visible{outline:3px solid var(--focus);outline-offset:3px}
        .hint{margin:0;color:var(--soft);font-size:.9375rem}
        main>:last-child{margin-bottom:0}
        @media (min-width:40rem){body{padding:3rem 1rem}main{padding:2rem}}
        """;

    // Letters of every language stay as they are; what has a meaning in HTML does not.
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The page may be shown with this style and send its form to where it comes from, and nothing else.</summary>
    public static string SecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Which payment, and whether it was the customer's.</summary>
    public static string Question(PageText text, AnswerableAlert alert, CustomerPreferences? preferences)
    {
        var page = Begin(text, text.QuestionTitle);
        Paragraph(page, alert.Decision.Outcome == Outcome.Review ? text.Reviewed : text.Declined);
        Payment(page, text, alert.Transaction, preferences);

        // Without an action it is sent to the page's own address, which so stands nowhere in the page.
        page.Append("<form method=\"post\"><button class=\"yes\" name=\"answer\" value=\"confirmed\">").Append(Escape(text.Yes))
            .Append("</button><button class=\"no\" name=\"answer\" value=\"denied\">").Append(Escape(text.No)).Append("</button></form>\n");
        Paragraph(page, text.Hint, "hint");
        return End(page);
    }

    /// <summary>What happens now.</summary>
    public static string Done(PageText text, AnswerableAlert alert, CustomerPreferences? preferences, AlertResponse response, ResponseTerms terms)
    {
        var isDenied = response == AlertResponse.Denied;
        var page = Begin(text, isDenied ? text.DeniedTitle : text.ConfirmedTitle);
        if (isDenied)
        {
            Paragraph(page, terms.HoldOutcome == Outcome.Review ? text.DeniedReview : text.DeniedDecline);
        }
        else
        {
            Confirmed(page, text, alert, terms);
        }

        Payment(page, text, alert.Transaction, preferences);
        return End(page);
    }

    /// <summary>That it was answered before, and how.</summary>
    public static string Answered(PageText text, AnswerableAlert alert, CustomerPreferences? preferences, StoredResponse response)
    {
        var page = Begin(text, text.AnsweredTitle);
        var form = response.Response == AlertResponse.Denied ? text.AnsweredDenied : text.AnsweredConfirmed;
        Paragraph(page, string.Format(CultureInfo.InvariantCulture, form, PaymentText.Time(response.AtTicks, preferences, text.Language)));
        Payment(page, text, alert.Transaction, preferences);
        Paragraph(page, text.AnsweredChange, "hint");
        return End(page);
    }

    /// <summary>A page that says one thing and nothing of a payment.</summary>
    public static string Notice(PageText text, string title, string sentence)
    {
        var page = Begin(text, title);
        Paragraph(page, sentence);
        return End(page);
    }

    private static void Confirmed(StringBuilder page, PageText text, AnswerableAlert alert, ResponseTerms terms)
    {
        Paragraph(page, $"{text.Confirmed} {(alert.Decision.Outcome == Outcome.Review ? text.ConfirmedReview : text.ConfirmedDecline)}");

        // Only a payment that names one of them has a pattern in which others can be like it.
        var hasPattern = !alert.Transaction.Text(TransactionField.MerchantId).IsEmpty || !alert.Transaction.Text(TransactionField.DeviceId).IsEmpty;
        var days = terms.ConfirmedForTicks / TimeSpan.TicksPerDay;
        if (hasPattern && days >= 1)
        {
            Paragraph(page, days == 1 ? text.ConfirmedPatternOneDay : string.Format(CultureInfo.InvariantCulture, text.ConfirmedPattern, days));
        }
    }

    private static void Payment(StringBuilder page, PageText text, Transaction transaction, CustomerPreferences? preferences)
    {
        page.Append("<dl>\n");
        Row(page, text.Amount, PaymentText.Amount(transaction, text.Language));
        Row(page, text.Merchant, PaymentText.Merchant(transaction));
        Row(page, text.Time, PaymentText.Time(transaction.TimestampTicks, preferences, text.Language));
        var ending = PaymentText.AccountEnding(transaction);
        Row(page, text.Account, ending.Length == 0 ? "" : string.Format(CultureInfo.InvariantCulture, text.AccountEnding, ending));
        page.Append("</dl>\n");
    }

    private static void Row(StringBuilder page, string name, string value)
    {
        if (value.Length > 0)
        {
            page.Append("<div><dt>").Append(Escape(name)).Append("</dt><dd dir=\"auto\">").Append(Escape(value)).Append("</dd></div>\n");
        }
    }

    private static void Paragraph(StringBuilder page, string sentence, string? kind = null) =>
        page.Append(kind is null ? "<p>" : $"<p class=\"{kind}\">").Append(Escape(sentence)).Append("</p>\n");

    private static StringBuilder Begin(PageText text, string title) => new StringBuilder(4096)
        .Append("<!doctype html>\n<html lang=\"").Append(text.Language).Append("\">\n<head>\n<meta charset=\"utf-8\">\n")
        .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n<title>").Append(Escape(title))
        .Append("</title>\n<style>").Append(Style).Append("</style>\n</head>\n<body>\n<main>\n<h1>").Append(Escape(title)).Append("</h1>\n");

    private static string End(StringBuilder page) => page.Append("</main>\n</body>\n</html>\n").ToString();

    private static string Escape(string text) => Html.Encode(text);
}
