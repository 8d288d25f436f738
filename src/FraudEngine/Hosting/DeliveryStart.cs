using System.Diagnostics.Metrics;
using FraudEngine.Egress;
using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Mail;
using FraudEngine.Egress.Webhooks;
using FraudEngine.Storage;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>The channels by which alerts reach their receivers, opened and closed.</summary>
internal sealed class DeliveryStart : IAsyncDisposable
{
    // A night's alerts may all wait for the end of quiet hours: those that know no such wait must still be read.
    private const int EmailPendingMax = 1_000_000;

    private readonly WebhookSender _sender;
    private WebhookBook? _webhooks;
    private SmtpSender? _mail;

    private DeliveryStart(AlertDelivery delivery, WebhookSender sender) => (Delivery, _sender) = (delivery, sender);

    public AlertDelivery Delivery { get; }

    /// <summary>
    /// Starts the channels. One that the data know nothing of begins behind the newest alert: at the very first start of an engine, when there is none, with the
    /// first; one that is configured later, with those raised from then on.
    /// </summary>
    /// <param name="newest">The newest alert before the engine decides anything.</param>
    /// <param name="publicUrl">Where customers reach the engine.</param>
    public static async Task<DeliveryStart> OpenAsync(
        Options options, IJournal journal, long newest, Func<string> publicUrl, Measures measures, ILogger log, TimeProvider clock)
    {
        var events = new LoggedDeliveryEvents(log, clock);
        var delivery = new AlertDelivery(journal, clock, new Random(), events);
        var sender = new WebhookSender(options.Webhooks.AllowPrivate, options.Webhooks.Timeout, clock);
        var started = new DeliveryStart(delivery, sender);
        var load = new ProcessLoad(clock, static () => Environment.CpuUsage.TotalTime, Environment.ProcessorCount);
        try
        {
            var links = new RespondLinks(CustomerStart.LinksOf(journal), publicUrl, options.Customers.LinksValidFor);
            var endpoints = options.Webhooks.ToEndpoints().ToList();
            foreach (var endpoint in endpoints)
            {
                await AlertDelivery.BeginAsync(journal, endpoint.Channel, newest);
            }

            started._webhooks = await WebhookBook.OpenAsync(journal, delivery, endpoints, options.Webhooks.ToSettings(() => load.IsBusy), sender, links, clock, events);
            if (options.Email.Host.Length > 0)
            {
                await AlertDelivery.BeginAsync(journal, EmailChannel.ChannelName, newest);
                var writer = new MailWriter(MailTemplates.Read(options.Email.TemplatesPath), journal.Catalog, links);
                started._mail = new SmtpSender(options.Email.ToSettings(), clock);
                delivery.Add(
                    new EmailChannel(journal, started._mail, writer.Write, options.Email.ToGrouping(), options.Email.Concurrency, clock),
                    new DeliverySettings { GiveUpAfter = EmailOptions.GiveUpAfter, PendingMax = EmailPendingMax, IsBusy = () => load.IsBusy });
            }

            Measure(delivery, measures, clock);
            return started;
        }
        catch (Exception reason) when (reason is IOException or InvalidDataException)
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public void Map(IEndpointRouteBuilder routes, IJournal journal, TimeProvider clock)
    {
        new WebhookRoutes(_webhooks!, Delivery, journal, clock).Map(routes);
        DeliveryRoutes.Map(routes, journal);
    }

    /// <summary>What is under way gets a little time to end. To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_webhooks?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Delivery.DisposeAsync();
        _sender.Dispose();
        await (_mail?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static void Measure(AlertDelivery delivery, Measures measures, TimeProvider clock)
    {
        measures.Counter("alerts_delivered", "Alerts that receivers have got, by channel", () => Each(delivery, static status => status.Delivered));
        measures.Counter("delivery_failures", "Attempts to deliver that have failed", () => Each(delivery, static status => status.Failed));
        measures.Counter("alerts_given_up", "Alerts that have become dead letters", () => Each(delivery, static status => status.Dead));
        measures.Gauge("alerts_waiting", "Alerts taken up and not yet delivered", () => Each(delivery, static status => status.Waiting));
        measures.Gauge("delivery_lag_seconds", "How old the oldest of these is", () => Each(delivery, status => (long)status.LagSeconds(clock.GetUtcNow())));
        measures.Gauge(
            "delivery_breaker", "0: another node delivers, 1: the receiver works, 2: it does not, 3: one message is on its way to find out",
            () => Each(delivery, static status => (long)status.Breaker));
    }

    private static IEnumerable<Measurement<long>> Each(AlertDelivery delivery, Func<ChannelStatus, long> read) =>
        delivery.Channels.Select(channel => new Measurement<long>(read(channel.Status), new KeyValuePair<string, object?>("channel", channel.Channel.Name)));
}
