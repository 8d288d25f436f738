using System.Collections.Immutable;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress;
using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Mail;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Egress.Mail;

public sealed class MailWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlertLinks Links = new(new byte[AlertLinks.KeyBytes]);
    private static readonly QuietHours Quiet = new(new TimeOnly(22, 0), new TimeOnly(7, 0), "Europe/Brussels");

    private readonly ReasonCatalog _catalog = new();
    private readonly MailWriter _writer;

    public MailWriterTests()
    {
        _catalog.Add(new DecidingRuleSet(1, "test@1",
        [
            new ReasonCode("velocity", "Many payments within an hour", texts: ImmutableSortedDictionary<string, string>.Empty.Add("de", "Viele Zahlungen in einer Stunde")),
            new ReasonCode("abroad", "A payment abroad", isAgainst: false),
        ]));
        _writer = new MailWriter(MailTemplates.Read(null), _catalog, new RespondLinks(Links, static () => "https://bank.example/", TimeSpan.FromDays(3)));
    }

    [Theory]
    [InlineData("en", "Payment declined: EUR\u00A01,234.50 – account ending in 3456", "We stopped a payment", "1 March 2026, 11:30 (Europe/Brussels)", "Many payments within an hour", "Was this you? https")]
    [InlineData("de", "Zahlung abgelehnt: 1.234,50\u00A0EUR – Konto endet auf 3456", "angehalten", "1. März 2026, 11:30 Uhr (Europe/Brussels)", "Viele Zahlungen in einer Stunde", "Waren Sie das? https")]
    public void A_declined_payment_is_told_in_the_customers_language(string language, string subject, string what, string time, string why, string question)
    {
        var mail = Write(language, Alert(Outcome.Decline));

        Assert.Equal(subject, mail.Subject);
        foreach (var part in (string[])[what, time, why])
        {
            Assert.Contains(part, mail.Text);
            Assert.Contains(part, mail.Html);
        }

        Assert.Contains(question, mail.Text);
        Assert.Contains($"<html lang=\"{language}\">", mail.Html);
        Assert.DoesNotContain("{{", mail.Text + mail.Html);
        Assert.DoesNotContain("123456", mail.Subject + mail.Text + mail.Html);
    }

    [Fact]
    public void The_link_is_good_for_its_alert_and_its_time_only()
    {
        var alert = Alert(Outcome.Review);
        var mail = Write("en", alert);

        var token = mail.Text.Split("/respond/")[1].Split('\n')[0];
        Assert.True(Links.TryRead(token, out var id, out var expires));
        Assert.Equal(AlertId.Of(alert.Transaction), id);
        Assert.Equal((Now + TimeSpan.FromDays(3)).UtcTicks, expires);
        Assert.Contains($"href=\"https://bank.example/respond/{token}\"", mail.Html);
        Assert.Contains("good until 4 March 2026, 13:00", mail.Text);
    }

    [Fact]
    public void A_burst_is_one_message_with_its_count_and_a_link_for_each_suspected_fraud()
    {
        var mail = Write("en", Alert(Outcome.Decline, "a"), Alert(Outcome.Review, "b"), Alert(Outcome.Approve, "c"));

        Assert.StartsWith("3 unusual payments", mail.Subject);
        Assert.Equal(3, Count(mail.Text, "EUR\u00A01,234.50"));
        Assert.Equal(2, Count(mail.Text, "/respond/"));
        Assert.Equal(2, Count(mail.Html, "/respond/"));
        Assert.Equal(1, Count(mail.Text, "Declined\n"));
        Assert.Equal(1, Count(mail.Text, "Held back for review\n"));
    }

    [Fact]
    public void An_activity_is_told_and_asks_nothing()
    {
        var mail = Write("de", Alert(Outcome.Approve));

        Assert.StartsWith("Zahlung über 1.234,50", mail.Subject);
        Assert.Contains("A payment abroad", mail.Text);
        Assert.DoesNotContain("/respond/", mail.Text + mail.Html);
        Assert.DoesNotContain("Waren Sie das", mail.Text + mail.Html);
    }

    [Fact]
    public void What_a_payment_says_is_text_and_never_html()
    {
        var alert = Alert(Outcome.Decline);
        alert.Transaction.SetText(TransactionField.MerchantId, "<script>alert(1)</script>"u8);

        var mail = Write("en", alert);

        Assert.DoesNotContain("<script", mail.Html);
        Assert.Contains("&lt;script&gt;", mail.Html);
        Assert.Contains("to <script>alert(1)</script>", mail.Text);
    }

    [Theory]
    [InlineData("alert.de.txt", "Subject: x\n{{#payments}}", "alert.de.txt")]
    [InlineData("alert.en.txt", "Hello", "Subject:")]
    public void A_template_that_cant_be_used_is_named(string file, string text, string said)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, text);

        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => MailTemplates.Read(folder.PathOf(""))).Message);
    }

    [Fact]
    public void A_banks_own_template_stands_in_for_the_shipped_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write("alert.en.txt", "Subject: Our bank\n{{count}} for {{accountEnding}}\n");
        var writer = new MailWriter(MailTemplates.Read(folder.PathOf("")), _catalog, new RespondLinks(Links, static () => "https://bank.example", TimeSpan.FromDays(3)));

        var mail = writer.Write(new AlertMessage([Alert(Outcome.Decline)], 1), Preferences("en"), Now);

        Assert.Equal(("Our bank", "1 for 3456\n"), (mail.Subject, mail.Text));
        Assert.Contains("We stopped a payment", mail.Html);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static CustomerPreferences Preferences(string language) => new(language, "ann@example.com", [], Quiet, []);

    private static StoredAlert Alert(Outcome outcome, string id = "t-1")
    {
        var transaction = new Transaction { TimestampTicks = new DateTime(2026, 3, 1, 10, 30, 0, DateTimeKind.Utc).Ticks, Amount = new Money(12_345_000) };
        transaction.SetText(TransactionField.AccountId, "BE-0123456"u8);
        transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(id));
        transaction.SetText(TransactionField.Currency, "EUR"u8);
        transaction.SetText(TransactionField.MerchantId, "Corner Shop"u8);
        var decision = new Decision { Outcome = outcome, RuleSetNumber = 1 };
        if (outcome == Outcome.Approve)
        {
            decision.AddActivity(1);
        }
        else
        {
            decision.AddHit(0);
        }

        return new StoredAlert(1, transaction, decision);
    }

    private MailContent Write(string language, params StoredAlert[] alerts)
    {
        var mail = _writer.Write(new AlertMessage(alerts, 1), Preferences(language), Now);
        if (Environment.GetEnvironmentVariable("FRAUDENGINE_MAILS") is { Length: > 0 } folder)
        {
            // To be looked at.
            var name = $"{language}-{string.Join('-', alerts.Select(static alert => alert.Decision.Outcome))}";
            File.WriteAllText(Path.Combine(folder, name + ".html"), mail.Html);
            File.WriteAllText(Path.Combine(folder, name + ".txt"), $"{mail.Subject}\n\n{mail.Text}");
        }

        return mail;
    }
}
