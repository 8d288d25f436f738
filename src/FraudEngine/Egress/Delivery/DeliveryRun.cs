using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>
/// Delivers on a channel for as long as this node has its lease: one loop that reads the outbox behind the channel's cursor, sends what is due, and stores what
/// has become of it. All that it knows is taken from the store when it begins, and is forgotten when it ends.
/// </summary>
internal sealed class DeliveryRun
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SleepMax = TimeSpan.FromHours(1);

    // How often it is looked for alerts that are to be stored as waiting, and what the oldest is.
    private static readonly TimeSpan SurveyEvery = TimeSpan.FromMilliseconds(500);

    // What can go out so soon is kept in memory until then.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly IAlertChannel _channel;
    private readonly IJournal _journal;
    private readonly DeliverySettings _settings;
    private readonly TimeProvider _clock;
    private readonly IDeliveryEvents _events;
    private readonly ChannelStatus _status;
    private readonly ChannelNews _news;
    private readonly StoredState _stored;
    private readonly Lanes _lanes;
    private readonly CircuitBreaker _breaker;
    private readonly OutboxLedger _ledger;
    private readonly DeliveryWriter _writer;
    private readonly DeliverySends _sends;
    private readonly DeliveryOutcomes _outcomes;
    private readonly DeliveryPace _pace;
    private readonly HashSet<long> _storedAbove;
    private string? _resends;
    private bool _mayHaveMore = true;
    private bool _lacksDue;
    private bool _isInterrupted;
    private bool _hasResends;
    private bool _lacksProbe;
    private long _lastTicks;
    private long _nextReadTicks;
    private long _nextSurveyTicks;
    private long _nextLookTicks;

    private DeliveryRun(
        IAlertChannel channel, IJournal journal, DeliverySettings settings, TimeProvider clock, Random random, IDeliveryEvents events, ChannelStatus status,
        ChannelNews news, long cursor, HashSet<long> storedAbove, string? resends)
    {
        (_channel, _journal, _settings, _clock, _events, _status, _news) = (channel, journal, settings, clock, events, status, news);
        (_storedAbove, _resends) = (storedAbove, resends);
        _stored = new StoredState(journal, channel.Name);
        _lanes = new Lanes(channel.Grouping, settings.HeldMax);
        _pace = new DeliveryPace(settings.RateMax, settings.IsBusy);
        _breaker = new CircuitBreaker(settings.FailuresMax, settings.ProbeWait, settings.ProbeWaitMax);
        _ledger = new OutboxLedger(cursor);
        _writer = new DeliveryWriter(journal, channel.Name, settings, cursor, news.Signal.Wake);
        _sends = new DeliverySends(channel, journal, news.Signal);
        _outcomes = new DeliveryOutcomes(channel.Name, settings, _lanes, _breaker, _writer, status, events, random);
    }

    private long NowTicks => _clock.GetUtcNow().UtcTicks;

    /// <summary>
    /// Whether it makes sense to read on: what is read should go out soon, and a whole page of it be held until then; else it is better left in the outbox. Where
    /// nothing else can be sent, it is read on behind accounts whose messages fail; and a page where all that waits is not to go out yet, so that nothing could tell
    /// that the receiver is there again.
    /// </summary>
    private bool MayRead =>
        (_mayHaveMore || _news.HasAlerts) && _lanes.Count < _settings.PendingMax && (_breaker.State == BreakerState.Closed || _lanes.Count == 0 || _lacksProbe)
        && (_lanes.Held + _settings.PageMax <= _settings.HeldMax || _lacksDue);

    private bool MustLook => _hasResends || _journal is ISharedJournal;

    /// <summary>Begins with what is stored.</summary>
    public static async Task<DeliveryRun> LoadAsync(
        IAlertChannel channel, IJournal journal, DeliverySettings settings, TimeProvider clock, Random random, IDeliveryEvents events, ChannelStatus status, ChannelNews news)
    {
        var stored = new StoredState(journal, channel.Name);
        var cursor = await stored.ReadCursorAsync();
        var resends = await journal.ReadSettingAsync(news.ResendSetting);
        var run = new DeliveryRun(channel, journal, settings, clock, random, events, status, news, cursor, await stored.ReadPositionsAsync(cursor), resends);
        await run.TakeUpWaitingAsync([]);
        return run;
    }

    /// <summary>Ends when it is to stop, or the lease is gone.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken lost)
    {
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(lost);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost);
        await using var woken = ending.Token.Register(_news.Signal.Wake);
        await using var timer = _clock.CreateTimer(static signal => ((WakeSignal)signal!).Wake(), _news.Signal, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!ending.IsCancellationRequested)
            {
                await TurnAsync(sending.Token);
                timer.Change(new TimeSpan(Math.Clamp(NextTicks() - NowTicks, 0, SleepMax.Ticks)), Timeout.InfiniteTimeSpan);
                await _news.Signal.WaitAsync();
            }
        }
        finally
        {
            await EndSendsAsync(sending, lost);
            _status.Show(0, BreakerState.None);
        }

        if (!lost.IsCancellationRequested)
        {
            await _writer.FlushAsync(_ledger, NowTicks);
        }
    }

    private async Task TurnAsync(CancellationToken sending)
    {
        SeeClock();
        TakeEnded();
        await TakeUpResendsAsync();
        StartSends(sending);
        if (await ReadOnAsync())
        {
            StartSends(sending);
        }

        Survey();
        await _writer.StepAsync(_ledger, NowTicks);
        if (_writer.Failure is { } failure)
        {
            Interrupt(failure);
        }

        _status.Show(_lanes.Count, _breaker.State);
    }

    /// <summary>When there is something to do, if nobody wakes it before.</summary>
    private long NextTicks()
    {
        var next = _writer.NextTicks(_ledger.Cursor);
        if (_sends.HasRoom && _writer.Count < _settings.UnwrittenMax)
        {
            next = Math.Min(next, _breaker.State switch
            {
                BreakerState.Closed => Math.Max(_lanes.NextTicks, _pace.WakeTicks(NowTicks)),
                BreakerState.Open when _lanes.Count > 0 => _breaker.ProbeTicks,
                BreakerState.None or BreakerState.Open or BreakerState.HalfOpen => long.MaxValue,
            });
        }

        next = MayRead ? Math.Min(next, _nextReadTicks) : next;
        next = _lanes.Count > 0 && !_ledger.IsEmpty ? Math.Min(next, _nextSurveyTicks) : next;
        return MustLook ? Math.Min(next, _nextLookTicks) : next;
    }

    /// <summary>Pauses that were to be do not last until a clock that was put back is there again.</summary>
    private void SeeClock()
    {
        var now = NowTicks;
        if (_lastTicks - now > AgainAfter.Ticks)
        {
            (_nextReadTicks, _nextSurveyTicks, _nextLookTicks) = (0, 0, 0);
            _writer.EndPause();
            _lanes.PutClockBack(_lastTicks, now);
            if (_breaker.State == BreakerState.Open)
            {
                _breaker.Abandon(now);
            }
        }

        _lastTicks = now;
    }

    private async Task TakeUpWaitingAsync(HashSet<long> known)
    {
        await foreach (var item in _stored.ReadWaitingAsync())
        {
            if (!known.Contains(item.Position))
            {
                _lanes.Add(item, content: null);
            }
        }
    }

    /// <summary>Takes up dead letters that were made to wait again, on this node or, of a shared journal, on another.</summary>
    private async Task TakeUpResendsAsync()
    {
        var isTold = _news.TakeResend();
        _hasResends |= isTold;
        if (!isTold && (!MustLook || NowTicks < _nextLookTicks))
        {
            return;
        }

        _nextLookTicks = NowTicks + _settings.LookEvery.Ticks;
        _mayHaveMore = true;
        try
        {
            var resends = await _journal.ReadSettingAsync(_news.ResendSetting);
            if (resends == _resends)
            {
                _hasResends = false;
                return;
            }

            // Stored first: what has just been delivered would be found waiting else.
            await _writer.FlushAsync(_ledger, NowTicks);
            if (_writer.Count == 0)
            {
                await TakeUpWaitingAsync(_lanes.Positions());
                (_resends, _hasResends) = (resends, false);
            }
        }
        catch (IOException reason)
        {
            Interrupt(reason.Message);
        }
    }

    private async Task<bool> ReadOnAsync()
    {
        if (!MayRead || NowTicks < _nextReadTicks)
        {
            return false;
        }

        _news.TakeAlerts();
        _mayHaveMore = true;
        try
        {
            var page = await _journal.ReadAlertsAsync(null, _ledger.ReadTo, _settings.PageMax);
            if (page.Count > 0)
            {
                await _journal.KnowAsync(page.Select(static alert => alert.Decision));
                TakeUp(page, await _channel.PlanAsync(page, _clock.GetUtcNow()));
            }

            _lacksProbe = false;
            _mayHaveMore = page.Count == _settings.PageMax;
            _nextReadTicks = _mayHaveMore ? 0 : NowTicks + _settings.ReadPause.Ticks;
            _isInterrupted &= _writer.Failure is not null;
            return page.Count > 0;
        }
        catch (IOException reason)
        {
            Interrupt(reason.Message);
            _nextReadTicks = NowTicks + AgainAfter.Ticks;
            return false;
        }
    }

    private void TakeUp(IReadOnlyList<StoredAlert> page, IReadOnlyList<AlertPlan?> plans)
    {
        var now = NowTicks;
        for (var i = 0; i < page.Count; i++)
        {
            var alert = page[i];
            if (_storedAbove.Remove(alert.Position) || plans[i] is not { } plan)
            {
                continue;
            }

            var item = new LaneItem(alert.Transaction.TextString(TransactionField.AccountId), alert.Position, AlertId.Of(alert.Transaction), now)
            {
                RaisedTicks = alert.CommittedTicks > 0 ? alert.CommittedTicks : now,
                IsUrgent = plan.IsUrgent,
                DueTicks = Math.Max(plan.DueAt.UtcTicks, now) + (plan.IsUrgent ? 0 : _channel.Grouping.Wait.Ticks),
            };
            _ledger.Add(item);
            _lanes.Add(item, item.DueTicks - now <= Soon.Ticks ? alert : null);
        }

        _ledger.Pass(page[^1].Position);
    }

    private void StartSends(CancellationToken cancellation)
    {
        _lacksDue = false;
        while (_sends.HasRoom && _writer.Count < _settings.UnwrittenMax)
        {
            var now = NowTicks;
            if (!_pace.IsFree(now))
            {
                return;
            }

            var message = _breaker.Permit(now) switch
            {
                BreakerPermit.All => _lanes.Take(now),
                BreakerPermit.Probe => _lanes.TakeProbe(now),
                BreakerPermit.None => null,
            };
            if (message is null)
            {
                _lacksDue = true;
                if (_breaker.Permit(now) == BreakerPermit.Probe && _lanes.Count > 0)
                {
                    // All that waits is not to go out yet: the probe has to wait for it, or for an alert that is read meanwhile.
                    _breaker.Abandon(now);
                    _lacksProbe = true;
                }

                return;
            }

            if (message.IsProbe)
            {
                _breaker.BeginProbe();
            }

            _pace.Take(now);
            _sends.Begin(message, cancellation);
        }
    }

    private void TakeEnded()
    {
        while (_sends.TryTakeEnded(out var ended))
        {
            var now = NowTicks;
            var (message, sending) = ended;
            if (sending.IsFaulted)
            {
                var reason = sending.Exception.InnerException!;
                _events.SendingFaulted(_channel.Name, reason);
                _outcomes.Fail(message, new SendResult($"The engine could not send it ({reason.GetType().Name}).", IsOfEndpoint: false), now);
            }
            else if (sending.IsCanceled)
            {
                _outcomes.PutBack(message, isLater: false, now);
            }
            else if (sending.Result.Unread is { } unread)
            {
                Interrupt(unread);
                _outcomes.PutBack(message, isLater: true, now);
            }
            else if (sending.Result.Result is not { } result)
            {
                _outcomes.Miss(message, now);
            }
            else if (result.Problem is null)
            {
                _outcomes.Succeed(message, sending.Result.Alerts, now);
            }
            else
            {
                _outcomes.Fail(message, result, now);
            }
        }
    }

    /// <summary>Sees to it that the cursor passes alerts that wait for long, and tells how old the oldest is.</summary>
    private void Survey()
    {
        var now = NowTicks;
        if (_lanes.Count == 0 || now < _nextSurveyTicks)
        {
            return;
        }

        _nextSurveyTicks = now + SurveyEvery.Ticks;
        _status.ShowOldest(_lanes.OldestTicks);
        foreach (var item in _ledger.TakenUpBefore(now - _settings.StoreAfter.Ticks, _settings.UnwrittenMax / 4))
        {
            _outcomes.StoreWaiting(item, now);
        }
    }

    private async Task EndSendsAsync(CancellationTokenSource sending, CancellationToken lost)
    {
        using var patience = new CancellationTokenSource(_settings.StopMax, _clock);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lost);
        await using var cancelling = impatience.Token.Register(sending.Cancel);
        TakeEnded();
        while (_sends.Count > 0)
        {
            await _news.Signal.WaitAsync();
            TakeEnded();
        }
    }

    private void Interrupt(string reason)
    {
        if (!_isInterrupted)
        {
            _events.Interrupted(_channel.Name, reason);
        }

        _isInterrupted = true;
    }
}
