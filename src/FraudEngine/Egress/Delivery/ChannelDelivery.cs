using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>
/// Delivers on a channel wherever this node is the one that does: it tries for the channel's lease, and has a <see cref="DeliveryRun"/> while it has it. A run that
/// ends for a reason that nobody foresaw is begun again from what is stored.
/// </summary>
internal sealed class ChannelDelivery : IAsyncDisposable
{
    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestartWaitMax = TimeSpan.FromMinutes(1);

    private readonly IJournal _journal;
    private readonly DeliverySettings _settings;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly IDeliveryEvents _events;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ChannelNews _news;
    private readonly Task _running;
    private string? _interrupted;

    public ChannelDelivery(IAlertChannel channel, IJournal journal, DeliverySettings settings, TimeProvider clock, Random random, IDeliveryEvents events)
    {
        (Channel, _journal, _settings, _clock, _random, _events) = (channel, journal, settings, clock, random, events);
        _news = new ChannelNews(channel.Name);
        _running = Task.Run(RunAsync);
    }

    public IAlertChannel Channel { get; }

    public DeliverySettings Settings => _settings;

    public ChannelStatus Status { get; } = new();

    /// <summary>Perhaps there is something new. From any thread, at any rate.</summary>
    public void Wake() => _news.TellOfAlerts();

    /// <summary>Dead letters wait again.</summary>
    public void WakeForResend() => _news.TellOfResend();

    /// <summary>What is under way gets a little time to end. To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var wait = RestartWait;
        while (!_stopping.IsCancellationRequested)
        {
            var begun = _clock.GetUtcNow();
            var tenure = HaveTenureAsync();
            await ((Task)tenure).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (tenure.IsFaulted)
            {
                TellOf(tenure.Exception.InnerException!);
                wait = _clock.GetUtcNow() - begun > RestartWaitMax ? RestartWait : wait;
                await PauseAsync(wait);
                wait = wait * 2 < RestartWaitMax ? wait * 2 : RestartWaitMax;
            }
            else
            {
                (wait, _interrupted) = (RestartWait, null);
                await PauseAsync(_settings.LookEvery);
            }
        }
    }

    private async Task HaveTenureAsync()
    {
        await using var lease = await _journal.TryLeaseAsync(Channel.Name);
        if (lease is null)
        {
            return;
        }

        var run = await DeliveryRun.LoadAsync(Channel, _journal, _settings, _clock, _random, _events, Status, _news);
        _events.Taken(Channel.Name);
        await run.RunAsync(_stopping.Token, lease.Lost);
        if (lease.Lost.IsCancellationRequested)
        {
            _events.Lost(Channel.Name);
        }
    }

    private void TellOf(Exception reason)
    {
        if (reason is not IOException)
        {
            _events.Restarted(Channel.Name, reason);
        }
        else if (_interrupted is null)
        {
            _events.Interrupted(Channel.Name, reason.Message);
        }

        _interrupted = reason is IOException ? reason.Message : null;
    }

    private async Task PauseAsync(TimeSpan wait) =>
        await Task.Delay(wait, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
