using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Mail;
using FraudEngine.Storage;
using FraudEngine.Tests.Egress.Delivery;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Egress.Mail;

public sealed class EmailChannelTests
{
    private static readonly DateTimeOffset Night = new(2026, 3, 1, 23, 0, 0, TimeSpan.Zero);
    private static readonly QuietHours Quiet = new(new TimeOnly(22, 0), new TimeOnly(7, 0), "Europe/Brussels");

    [Fact]
    public async Task Only_what_is_urgent_goes_out_in_quiet_hours()
    {
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        await PutAsync(journal, "quiet", "ann@example.com", Quiet);
        await PutAsync(journal, "open", "bob@example.com", null);
        await PutAsync(journal, "none", null, null);
        var morning = new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

        var plans = await ChannelTo(journal, 1).PlanAsync(
            [
                Alert("quiet", Outcome.Review), Alert("quiet", Outcome.Decline), Alert("quiet", Outcome.Approve), Alert("open", Outcome.Review), Alert("none", Outcome.Decline),
                Alert("unknown", Outcome.Decline),
            ],
            Night);

        Assert.Equal(
            [new AlertPlan(morning, false), new AlertPlan(Night, true), new AlertPlan(morning, false), new AlertPlan(Night, false), null, (AlertPlan?)null],
            plans);
    }

    [Fact]
    public async Task Of_a_held_account_nothing_is_urgent_and_damaged_preferences_stop_nobody_elses_mail()
    {
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        await PutAsync(journal, "held", "ann@example.com", Quiet);
        Assert.True(await journal.TryWriteDocumentAsync(new Document(DocumentKind.Preferences, "damaged", "damaged", "set", "", 1, 1, "{"u8.ToArray()), 0));
        var held = Alert("held", Outcome.Decline);
        held.Decision.Held = Outcome.Decline;

        var plans = await ChannelTo(journal, 1).PlanAsync([Alert("damaged", Outcome.Decline), held], Night);

        Assert.Equal([null, new AlertPlan(new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero), false)], plans);
    }

    [SmtpFact]
    public async Task What_comes_at_night_waits_stored_until_the_morning_and_is_one_message()
    {
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        using var server = await MailServer.StartAsync();
        await PutAsync(journal, "a", "ann@example.com", Quiet);
        await using var session = await JournalSession.StartAsync(journal);
        await journal.WriteDeliveriesAsync(EmailChannel.ChannelName, 0, []);
        var clock = new TestClock { Now = Night, RunsTimers = true };
        await using var delivery = new ChannelDelivery(ChannelTo(journal, server.Port), journal, new DeliverySettings(), clock, new Random(1), new HeardEvents());

        session.Append("a", alert: true, "1", "2", "3");
        await session.SubmitAsync();
        delivery.Wake();
        await Eventually.ThatAsync(() => delivery.Status.Waiting == 3, "all are taken up");
        clock.Advance(TimeSpan.FromHours(6.9));
        delivery.Wake();
        IReadOnlyList<FraudEngine.Storage.Delivery> stored = [];
        await Eventually.ThatAsync(
            async () => (stored = await journal.ReadDeliveriesAsync(EmailChannel.ChannelName, DeliveryState.Waiting, 0, 10)).Count == 3, "they are stored", TimeSpan.FromSeconds(20));
        Assert.All(stored, alert => Assert.Equal(Night.AddHours(7).UtcTicks, alert.DueTicks));
        Assert.Empty(server.Mails);

        clock.Advance(TimeSpan.FromHours(0.2));
        delivery.Wake();
        await Eventually.ThatAsync(() => server.Mails.Count == 1, "the message arrived");
        Assert.Contains("3 alerts", server.Mails[0]);
    }

    [Fact]
    public async Task A_customer_without_an_address_any_more_gets_nothing()
    {
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        await PutAsync(journal, "a", null, null);

        foreach (var account in (string[])["a", "unknown"])
        {
            Assert.Equal(
                new SendResult("The customer has no address any more.", IsPermanent: true, IsOfEndpoint: false),
                await ChannelTo(journal, 1).SendAsync(new AlertMessage([Alert(account, Outcome.Decline)], 1), CancellationToken.None));
        }
    }

    [Fact]
    public async Task Preferences_that_cant_be_read_now_are_read_later()
    {
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        await PutAsync(journal, "a", "ann@example.com", null);
        journal.ReadFails = static () => true;

        var result = await ChannelTo(journal, 1).SendAsync(new AlertMessage([Alert("a", Outcome.Decline)], 1), CancellationToken.None);

        Assert.Equal(new SendResult("The customer's preferences can't be read now.", IsOfEndpoint: false), result);
        await Assert.ThrowsAsync<IOException>(async () => await ChannelTo(journal, 1).PlanAsync([Alert("a", Outcome.Decline)], Night));
    }

    [SmtpFact]
    public async Task A_message_goes_to_the_address_of_now()
    {
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        using var server = await MailServer.StartAsync();
        await PutAsync(journal, "a", "new@example.com", null);

        var result = await ChannelTo(journal, server.Port).SendAsync(new AlertMessage([Alert("a", Outcome.Decline), Alert("a", Outcome.Review)], 1), CancellationToken.None);

        Assert.Equal(SendResult.Delivered, result);
        var mail = Assert.Single(server.Mails);
        Assert.Contains("X-To: new@example.com\r\n", mail);
        Assert.Contains("2 alerts", mail);
    }

    private static StoredAlert Alert(string account, Outcome outcome)
    {
        var transaction = new Transaction();
        transaction.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(account));
        transaction.SetText(TransactionField.TransactionId, "t"u8);
        var decision = new Decision { Outcome = outcome, RuleSetNumber = 1 };
        if (outcome == Outcome.Approve)
        {
            decision.AddActivity(0);
        }

        return new StoredAlert(1, transaction, decision);
    }

    private static async Task PutAsync(SimulatedJournal journal, string account, string? email, QuietHours? quiet)
    {
        var body = new CustomerPreferences("en", email, [], quiet, []).ToBytes();
        Assert.True(await journal.TryWriteDocumentAsync(new Document(DocumentKind.Preferences, account, account, "set", "", 1, 1, body), 0));
    }

    private static EmailChannel ChannelTo(SimulatedJournal journal, int port)
    {
        var settings = new SmtpSettings("localhost", port, "", "", "alerts@bank.example", StartTls: false, TimeSpan.FromSeconds(20));
        return new EmailChannel(
            journal, new SmtpSender(settings, TimeProvider.System), static (message, _, _) => new MailContent("Alerts", $"{message.Alerts.Count} alerts", "<p>Alerts</p>"),
            new Grouping(TimeSpan.Zero, 6, 50), 4, TimeProvider.System);
    }
}
