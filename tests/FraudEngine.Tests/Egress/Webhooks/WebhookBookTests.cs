using FraudEngine.Domain.Customers;
using FraudEngine.Egress;
using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Webhooks;
using FraudEngine.Tests.Egress.Delivery;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>Endpoints that another node has changed.</summary>
public sealed class WebhookBookTests
{
    [Fact]
    public async Task An_endpoint_removed_and_made_again_elsewhere_between_two_looks_is_the_new_one_here()
    {
        var store = new SimulatedStore();
        await using var one = new SimulatedJournal(store, isImmediate: true);
        await using var other = new SimulatedJournal(store, isImmediate: true);
        var events = new HeardEvents();
        await using var delivery = new AlertDelivery(one, TimeProvider.System, new Random(1), events);
        await using var otherDelivery = new AlertDelivery(other, TimeProvider.System, new Random(1), events);
        using var sender = new WebhookSender(allowPrivate: false, TimeSpan.FromSeconds(1), TimeProvider.System);
        await using var book = await OpenAsync(one, delivery, sender, events);
        await book.ChangeAsync("push", static _ => EndpointOf("https://old.example.com/"));
        await using var otherBook = await OpenAsync(other, otherDelivery, sender, events);
        await book.RemoveAsync("push");
        await book.ChangeAsync("push", static _ => EndpointOf("https://new.example.com/"));

        // It looks.
        Assert.Equal("https://old.example.com/", otherBook.Find("push")!.Url.AbsoluteUri);
        await otherBook.RemoveAsync("nothing");
        Assert.Equal("https://new.example.com/", otherBook.Find("push")!.Url.AbsoluteUri);
    }

    [Fact]
    public async Task An_endpoint_that_is_changed_stays_known_while_what_is_under_way_ends()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = static context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var journal = new SimulatedJournal(new SimulatedStore(), isImmediate: true);
        await using var session = await JournalSession.StartAsync(journal);
        var events = new HeardEvents();
        await using var delivery = new AlertDelivery(journal, TimeProvider.System, new Random(1), events);
        using var sender = new WebhookSender(allowPrivate: true, TimeSpan.FromSeconds(10), TimeProvider.System);
        await using var book = await OpenAsync(journal, delivery, sender, events);
        await book.ChangeAsync("push", _ => EndpointOf(receiver.Url));
        session.Append("a", alert: true, "1");
        await session.SubmitAsync();
        delivery.Wake();
        await Eventually.ThatAsync(() => receiver.All.Count == 1, "a message is under way");
        var changing = book.ChangeAsync("push", static _ => EndpointOf("https://new.example.com/"));
        await Eventually.ThatAsync(() => book.Find("push")?.Url.Host != "127.0.0.1", "it is changed");
        Assert.Equal("new.example.com", book.Find("push")?.Url.Host);
        await changing;
    }

    private static Task<WebhookBook> OpenAsync(SimulatedJournal journal, AlertDelivery delivery, WebhookSender sender, HeardEvents events)
    {
        var links = new RespondLinks(new AlertLinks(new byte[AlertLinks.KeyBytes]), static () => "https://bank.example", TimeSpan.FromDays(1));
        return WebhookBook.OpenAsync(
            journal, delivery, [], new WebhookSettings(AllowPrivate: false, Concurrency: 1, new DeliverySettings()), sender, links, TimeProvider.System, events);
    }

    private static WebhookEndpoint EndpointOf(string url) => new(
        "push", new Uri(url), [new WebhookKey(WebhookSecret.Make(), long.MaxValue)], WebhookAccounts.All, WantsFraud: true, WantsActivity: true, Grouping.None);
}
