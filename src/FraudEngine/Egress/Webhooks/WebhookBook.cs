using System.Collections.Immutable;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Webhooks;

/// <summary>
/// The endpoints that there are, from the configuration and by HTTP, and a channel for each. Of a shared journal it looks each second for what was changed at
/// another node.
/// </summary>
internal sealed class WebhookBook : IAsyncDisposable
{
    /// <summary>Endpoints that can be made by HTTP.</summary>
    public const int EndpointsMax = 1000;

    private readonly IJournal _journal;
    private readonly AlertDelivery _delivery;
    private readonly WebhookSender _sender;
    private readonly RespondLinks _links;
    private readonly TimeProvider _clock;
    private readonly IDeliveryEvents _events;
    private readonly SemaphoreSlim _following = new(1);
    // Versions begin again where an endpoint is removed and made again: the time of its creation tells them apart.
    private readonly Dictionary<string, (long Version, long CreatedTicks)> _versions = [];
    private JournalFollower? _follower;
    private ImmutableSortedDictionary<string, WebhookEndpoint> _endpoints = ImmutableSortedDictionary.Create<string, WebhookEndpoint>(StringComparer.Ordinal);

    private WebhookBook(
        IJournal journal, AlertDelivery delivery, WebhookSettings settings, WebhookSender sender, RespondLinks links, TimeProvider clock, IDeliveryEvents events)
    {
        (_journal, _delivery, Settings, _sender, _links, _clock, _events) = (journal, delivery, settings, sender, links, clock, events);
    }

    public WebhookSettings Settings { get; }

    /// <summary>In the order of their names.</summary>
    public IEnumerable<WebhookEndpoint> Endpoints => _endpoints.Values;

    /// <param name="fixedOnes">Those of the configuration, whose channels have a cursor.</param>
    public static async Task<WebhookBook> OpenAsync(
        IJournal journal, AlertDelivery delivery, IEnumerable<WebhookEndpoint> fixedOnes, WebhookSettings settings, WebhookSender sender, RespondLinks links,
        TimeProvider clock, IDeliveryEvents events)
    {
        var book = new WebhookBook(journal, delivery, settings, sender, links, clock, events);
        foreach (var endpoint in fixedOnes)
        {
            book.Start(endpoint);
        }

        await book.FollowAsync();
        book._follower = journal is ISharedJournal ? new JournalFollower(book.FollowAsync, clock) : null;
        return book;
    }

    public WebhookEndpoint? Find(string name) => _endpoints.GetValueOrDefault(name);

    /// <summary>
    /// Stores an endpoint made from the one that there is, which is null where there is none, and puts it into force here. A new one gets the alerts from now on.
    /// </summary>
    /// <returns>Null where <paramref name="change"/> gave none, or there are as many as there may be.</returns>
    public async Task<WebhookEndpoint?> ChangeAsync(string name, Func<WebhookEndpoint?, WebhookEndpoint?> change)
    {
        while (true)
        {
            var document = await _journal.FindDocumentAsync(DocumentKind.Webhook, name);
            if (change(document is null ? null : WebhookDocument.Read(document)) is not { } changed || (document is null && _endpoints.Count >= EndpointsMax))
            {
                return null;
            }

            if (document is null)
            {
                await _journal.WriteDeliveriesAsync(changed.Channel, await _journal.NewestAlertAsync(), []);
            }

            if (await _journal.TryWriteDocumentAsync(WebhookDocument.Of(changed, _clock.GetUtcNow().UtcTicks), document?.Version ?? 0))
            {
                await FollowAsync();
                return changed;
            }
        }
    }

    /// <summary>Nothing is sent to it any more. False where there is none.</summary>
    public async Task<bool> RemoveAsync(string name)
    {
        var isRemoved = await _journal.RemoveDocumentAsync(DocumentKind.Webhook, name);
        await FollowAsync();
        return isRemoved;
    }

    public Task<SendResult> TestAsync(WebhookEndpoint endpoint, string id, CancellationToken cancellation) =>
        _sender.SendAsync(endpoint, id, WebhookBody.OfTest(_clock.GetUtcNow()), cancellation);

    public async ValueTask DisposeAsync()
    {
        await (_follower?.DisposeAsync() ?? ValueTask.CompletedTask);
        _following.Dispose();
    }

    /// <summary>Puts into force what is stored.</summary>
    private async Task FollowAsync()
    {
        await _following.WaitAsync();
        try
        {
            var stored = await _journal.ListDocumentsAsync(DocumentKind.Webhook, new DocumentFilter(), after: null, EndpointsMax);
            foreach (var gone in _versions.Keys.Except(stored.Select(static document => document.Key)).ToList())
            {
                await StopAsync(gone);
            }

            foreach (var document in stored.Where(document => _versions.GetValueOrDefault(document.Key) != (document.Version, document.CreatedTicks) && Find(document.Key) is not { IsFixed: true }))
            {
                // It stays known meanwhile: what is under way may take its time to end.
                await _delivery.RemoveAsync(WebhookEndpoint.ChannelPrefix + document.Key);
                _versions[document.Key] = (document.Version, document.CreatedTicks);
                Take(document);
            }
        }
        finally
        {
            _following.Release();
        }
    }

    private void Take(Document document)
    {
        try
        {
            Start(WebhookDocument.Read(document));
        }
        catch (InvalidDataException reason)
        {
            _endpoints = _endpoints.Remove(document.Key);
            _events.Interrupted(WebhookEndpoint.ChannelPrefix + document.Key, reason.Message);
        }
    }

    private void Start(WebhookEndpoint endpoint)
    {
        _endpoints = _endpoints.SetItem(endpoint.Name, endpoint);
        _delivery.Add(new WebhookChannel(endpoint, _sender, _journal, _links, Settings.Concurrency, _clock), Settings.Delivery);
    }

    private async Task StopAsync(string name)
    {
        _versions.Remove(name);
        _endpoints = _endpoints.Remove(name);
        await _delivery.RemoveAsync(WebhookEndpoint.ChannelPrefix + name);
    }
}
