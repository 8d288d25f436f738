using FraudEngine.Domain;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Egress.Delivery;

/// <summary>A channel's loop on a journal in memory, with a receiver, a store and a planner that fail.</summary>
public sealed class ChannelDeliveryTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly DeliverySettings Quick = new()
    {
        FirstWait = TimeSpan.FromMilliseconds(20),
        WaitMax = TimeSpan.FromMilliseconds(100),
        ProbeWait = TimeSpan.FromMilliseconds(30),
        ProbeWaitMax = TimeSpan.FromMilliseconds(60),
        FailuresMax = 5,
        StoreAfter = TimeSpan.FromMilliseconds(50),
        LookEvery = TimeSpan.FromMilliseconds(50),
        StopMax = TimeSpan.FromMilliseconds(500),
    };

    private readonly SimulatedStore _store = new();
    private readonly FakeChannel _channel = new();
    private readonly HeardEvents _events = new();
    private SimulatedJournal _journal = null!;
    private JournalSession _session = null!;

    public async Task InitializeAsync()
    {
        _journal = new SimulatedJournal(_store, isImmediate: true);
        _session = await JournalSession.StartAsync(_journal);
        await _journal.WriteDeliveriesAsync(_channel.Name, 0, []);
    }

    public async Task DisposeAsync() => await _session.DisposeAsync();

    async ValueTask IAsyncDisposable.DisposeAsync() => await _journal.DisposeAsync();

    [Fact]
    public async Task What_stood_in_the_outbox_is_delivered_in_order_and_stored_with_the_cursor()
    {
        await RaiseAsync("a", "1", "2", "3");
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Delivered, 3);
        Assert.Equal(["a/1", "a/2", "a/3"], _channel.Delivered);
        await Eventually.ThatAsync(() => _store.Cursors[_channel.Name] == 3, "the cursor has passed them");
        Assert.Equal((3, 0, 0.0), (delivery.Status.Delivered, delivery.Status.Waiting, delivery.Status.LagSeconds(DateTimeOffset.MaxValue)));
    }

    [Fact]
    public async Task A_channel_without_a_cursor_begins_with_the_next_alert()
    {
        await RaiseAsync("a", "1", "2");
        _store.Cursors.Clear();
        await using var delivery = Start();
        await Eventually.ThatAsync(() => _events.All.Contains("taken"), "it has begun");
        await RaiseAsync("a", "3");
        delivery.Wake();
        await StoredAsync(DeliveryState.Delivered, 1);
        Assert.Equal(["a/3"], _channel.Sent);
    }

    [Fact]
    public async Task What_was_stored_as_delivered_is_not_sent_again_and_what_was_not_is()
    {
        await RaiseAsync("a", "1", "2", "3", "4");
        var alerts = await _journal.ReadAlertsAsync(null, 0, 10);
        await _journal.WriteDeliveriesAsync(_channel.Name, 1, [Row(alerts[0], DeliveryState.Waiting), Row(alerts[2], DeliveryState.Delivered)]);
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Delivered, 4);
        Assert.Equal(["a/1", "a/2", "a/4"], _channel.Sent);
    }

    [Fact]
    public async Task A_message_that_fails_is_tried_again_before_the_next_of_its_account_and_others_do_not_wait()
    {
        var isBad = true;
        _channel.Send = (message, _) => Task.FromResult(isBad && FakeChannel.TextOf(message.Alerts[0]) == "a/1" ? new SendResult("no", IsOfEndpoint: false) : SendResult.Delivered);
        await RaiseAsync("a", "1", "2");
        await RaiseAsync("b", "1", "2", "3");
        await using var delivery = Start();
        await Eventually.ThatAsync(() => _channel.Delivered.Count == 3 && _channel.Sent.Count(static sent => sent == "a/1") > 3, "others are delivered, and it is tried again");
        Assert.DoesNotContain("a/2", _channel.Sent);
        await StoredAsync(DeliveryState.Waiting, 2);
        await Eventually.ThatAsync(() => _store.Cursors[_channel.Name] == 5, "the cursor has passed what waits");
        isBad = false;
        await StoredAsync(DeliveryState.Delivered, 5);
        Assert.Equal(["a/1", "a/2"], _channel.Delivered.Where(static sent => sent[0] == 'a'));
    }

    [Fact]
    public async Task What_is_given_up_is_a_dead_letter_and_can_be_sent_again()
    {
        _channel.Send = static (_, _) => Task.FromResult(new SendResult("no", IsPermanent: true, IsOfEndpoint: false));
        await RaiseAsync("a", "1", "2", "3");
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Dead, 3);
        Assert.All(await _journal.ReadDeliveriesAsync(_channel.Name, DeliveryState.Dead, 0, 10), static dead => Assert.Equal(("no", 1), (dead.Problem, dead.Attempts)));
        _channel.Send = static (_, _) => Task.FromResult(SendResult.Delivered);
        await using var channels = new AlertDelivery(_journal, TimeProvider.System, new Random(1), _events);
        var letters = new DeadLetters(_journal, channels, TimeProvider.System);
        var second = AlertId.Of((await _journal.ReadAlertsAsync(null, 1, 1))[0].Transaction);
        Assert.True(await letters.ResendAsync(_channel.Name, second));
        delivery.WakeForResend();
        await StoredAsync(DeliveryState.Delivered, 1);
        Assert.False(await letters.ResendAsync(_channel.Name, second));
        Assert.Equal(2, await letters.ResendAllAsync(_channel.Name, Quick));
        delivery.WakeForResend();
        await StoredAsync(DeliveryState.Delivered, 3);
        Assert.Equal(["a/2", "a/1", "a/3"], _channel.Delivered);
    }

    [Fact]
    public async Task An_alert_is_given_up_when_its_time_is_over_and_the_next_of_its_account_goes_on()
    {
        _channel.Send = static (message, _) => Task.FromResult(FakeChannel.TextOf(message.Alerts[0]) == "a/1" ? new SendResult("no", IsOfEndpoint: false) : SendResult.Delivered);
        await RaiseAsync("a", "1", "2");
        await using var delivery = Start(Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(200) });
        await StoredAsync(DeliveryState.Delivered, 1);
        var dead = Assert.Single(await _journal.ReadDeliveriesAsync(_channel.Name, DeliveryState.Dead, 0, 10));
        Assert.InRange(dead.Attempts, 2, 20);
        Assert.Contains("gave up 1", _events.All);
    }

    [Fact]
    public async Task While_the_receiver_is_away_only_probes_are_sent_and_alerts_stay_in_the_outbox()
    {
        var isAway = true;
        _channel.Send = (_, _) => Task.FromResult(isAway ? new SendResult("away") : SendResult.Delivered);
        await RaiseAsync([.. Enumerable.Range(0, 200).Select(static i => ($"a{i}", "1"))]);
        await using var delivery = Start(Quick with { PageMax = 20 });
        await Eventually.ThatAsync(() => _events.All.Contains("opened"), "the breaker has opened");
        var sent = _channel.Sent.Count;
        Assert.InRange(sent, 5, 9);
        await Eventually.ThatAsync(() => _channel.Sent.Count >= sent + 3, "probes are sent");
        Assert.InRange(delivery.Status.Waiting, 1, 100);
        var untried = (await _journal.ReadDeliveriesAsync(_channel.Name, DeliveryState.Waiting, 0, 200)).Where(static stored => stored.Attempts == 0);
        Assert.All(untried, static stored => Assert.Null(stored.Problem));
        isAway = false;
        await StoredAsync(DeliveryState.Delivered, 200);
        Assert.Contains("closed", _events.All);
    }

    [Fact]
    public async Task What_is_to_go_out_tomorrow_keeps_nobody_from_finding_out_that_the_receiver_is_there_again()
    {
        var isAway = true;
        _channel.Plan = static alert => new AlertPlan(FakeChannel.TextOf(alert)[0] == 'l' ? DateTimeOffset.MaxValue.AddDays(-1) : DateTimeOffset.MinValue, IsUrgent: false);
        _channel.Send = (_, _) => Task.FromResult(Volatile.Read(ref isAway) ? new SendResult("gone", IsPermanent: true) : SendResult.Delivered);
        await RaiseAsync("late", "1");
        await RaiseAsync("a", "1", "2", "3", "4", "5");
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Dead, 5);
        Volatile.Write(ref isAway, false);
        await RaiseAsync("b", "1");
        delivery.Wake();
        await StoredAsync(DeliveryState.Delivered, 1);
        Assert.Equal(["b/1"], _channel.Delivered);
    }

    [Fact]
    public async Task Dead_letters_that_can_not_be_taken_up_now_are_not_looked_for_without_a_pause()
    {
        var (fails, count) = (0, 0);
        _journal.ChangeFails = () => Volatile.Read(ref fails) == 1 && Interlocked.Increment(ref count) > 0;
        var going = new TaskCompletionSource<SendResult>();
        _channel.Send = (_, _) => going.Task;
        await RaiseAsync("a", "1");
        await using var delivery = Start(Quick with { LookEvery = TimeSpan.FromMilliseconds(300) });
        await Eventually.ThatAsync(() => _channel.Sent.Count == 1, "a message is under way");
        Volatile.Write(ref fails, 1);
        going.SetResult(SendResult.Delivered);
        await Eventually.ThatAsync(() => Volatile.Read(ref count) > 0, "it can't be stored");
        _store.Settings[ChannelNews.ResendSettingOf(_channel.Name)] = "1";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        delivery.WakeForResend();
        var before = Volatile.Read(ref count);
        await Eventually.ThatAsync(() => Volatile.Read(ref count) >= before + 4, "it is tried again");
        var attempts = Volatile.Read(ref count) - before;
        Assert.InRange(attempts, 4, 5 + (watch.Elapsed.TotalMilliseconds / 100));
        Volatile.Write(ref fails, 0);
        await StoredAsync(DeliveryState.Delivered, 1);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_holds_nothing_up()
    {
        var clock = new MovedClock();
        await RaiseAsync("a", "1");
        await using var delivery = new ChannelDelivery(_channel, _journal, Quick, clock, new Random(1), _events);
        await StoredAsync(DeliveryState.Delivered, 1);
        clock.By = TimeSpan.FromHours(-2);
        await RaiseAsync("a", "2");
        delivery.Wake();
        await StoredAsync(DeliveryState.Delivered, 2);
    }

    [Fact]
    public async Task A_channel_that_has_not_looked_yet_is_woken_once()
    {
        var news = new ChannelNews("webhook:test");
        news.TellOfAlerts();
        await news.Signal.WaitAsync();
        news.TellOfAlerts();
        var waiting = news.Signal.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.True(news.TakeAlerts());
        news.TellOfAlerts();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_dead_receiver_slows_no_other()
    {
        var dead = new FakeChannel("webhook:dead")
        {
            Send = static async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return SendResult.Delivered;
            }
        };
        await _journal.WriteDeliveriesAsync(dead.Name, 0, []);
        await RaiseAsync([.. Enumerable.Range(0, 200).Select(static i => ($"a{i % 9}", $"{i}"))]);
        await using var slow = new ChannelDelivery(dead, _journal, Quick, TimeProvider.System, new Random(1), _events);
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Delivered, 200);
        Assert.Equal(4, dead.Sent.Count);
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_while_sending_is_a_failed_attempt()
    {
        var faults = 2;
        _channel.Send = (_, _) => Interlocked.Decrement(ref faults) >= 0 ? throw new FormatException("bug") : Task.FromResult(SendResult.Delivered);
        await RaiseAsync("a", "1", "2");
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Delivered, 2);
        Assert.Equal(["a/1", "a/1", "a/1", "a/2"], _channel.Sent);
        Assert.Equal(2, _events.All.Count(static told => told == "sending faulted"));
    }

    [Fact]
    public async Task A_loop_that_faults_begins_again_from_what_is_stored()
    {
        var faults = 1;
        _channel.Plan = _ => Interlocked.Decrement(ref faults) >= 0 ? throw new FormatException("bug") : new AlertPlan(DateTimeOffset.MinValue, IsUrgent: false);
        await RaiseAsync("a", "1");
        await using var delivery = Start();
        await StoredAsync(DeliveryState.Delivered, 1);
        Assert.Contains("restarted", _events.All);
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_loses_nothing()
    {
        var failures = -1;
        await RaiseAsync([.. Enumerable.Range(0, 30).Select(static i => ($"a{i % 3}", $"{i:00}"))]);
        _journal.ReadFails = () => Interlocked.Increment(ref failures) is > 2 and < 6;
        await using var delivery = Start(Quick with { PageMax = 10 });
        await Eventually.ThatAsync(() => Volatile.Read(ref failures) >= 6, "readings have failed and were repeated");
        await StoredAsync(DeliveryState.Delivered, 30);
        Assert.Equal(30, _channel.Delivered.Distinct().Count());
        Assert.Contains("interrupted", _events.All);
    }

    [Fact]
    public async Task Alerts_that_wait_are_grouped_and_stored_as_part_of_the_first_ones_message()
    {
        var channel = new FakeChannel { Grouping = new Grouping(TimeSpan.FromMilliseconds(100), int.MaxValue, 10) };
        await RaiseAsync("a", "1", "2", "3");
        await using var delivery = new ChannelDelivery(channel, _journal, Quick, TimeProvider.System, new Random(1), _events);
        await StoredAsync(DeliveryState.Grouped, 2);
        Assert.Equal(["a/1+a/2+a/3"], channel.Sent);
        var first = Assert.Single(await _journal.ReadDeliveriesAsync(channel.Name, DeliveryState.Delivered, 0, 10));
        Assert.All(await _journal.ReadDeliveriesAsync(channel.Name, DeliveryState.Grouped, 0, 10), grouped => Assert.Equal(first.Alert, grouped.Message));
    }

    [Fact]
    public async Task One_node_delivers_and_when_its_lease_is_gone_another_goes_on()
    {
        _channel.Send = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return SendResult.Delivered;
        };
        await RaiseAsync("a", "1", "2");

        // Once: else it may be the first again to take it.
        await using var delivery = Start(Quick with { LookEvery = TimeSpan.FromHours(1) });
        await Eventually.ThatAsync(() => _channel.Sent.Count == 1, "a message is under way");
        var other = new FakeChannel();
        var otherJournal = new SimulatedJournal(_store, isImmediate: true);
        await using var second = new ChannelDelivery(other, otherJournal, Quick, TimeProvider.System, new Random(1), new HeardEvents());
        Assert.Empty(other.Sent);
        _journal.LoseLeases();
        await StoredAsync(DeliveryState.Delivered, 2);
        Assert.Equal(["a/1", "a/2"], other.Delivered);
        Assert.Contains("lost", _events.All);
        Assert.Single(_channel.Sent);
    }

    [Fact]
    public async Task What_is_under_way_may_end_when_the_engine_stops()
    {
        var going = new TaskCompletionSource<SendResult>();
        _channel.Send = (_, _) => going.Task;
        await RaiseAsync("a", "1", "2");
        var delivery = Start();
        await Eventually.ThatAsync(() => _channel.Sent.Count == 1, "a message is under way");
        var stopping = delivery.DisposeAsync().AsTask();
        going.SetResult(SendResult.Delivered);
        await stopping;

        // The next one may just have begun before the loop saw that it is to stop; what was sent is stored.
        var delivered = await _journal.ReadDeliveriesAsync(_channel.Name, DeliveryState.Delivered, 0, 10);
        Assert.NotEmpty(delivered);
        Assert.Equal(_channel.Sent.Count, delivered.Count);
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }

    private static FraudEngine.Storage.Delivery Row(StoredAlert alert, DeliveryState state) => new(
        "webhook:test", alert.Position, AlertId.Of(alert.Transaction), alert.Transaction.AccountId.ToArray(), state, 0, 0, DateTime.MaxValue.Ticks / 2, 0, default, null);

    private ChannelDelivery Start(DeliverySettings? settings = null) => new(_channel, _journal, settings ?? Quick, TimeProvider.System, new Random(1), _events);

    private Task RaiseAsync(string account, params string[] ids) => RaiseAsync([.. ids.Select(id => (account, id))]);

    private async Task RaiseAsync((string Account, string Id)[] alerts)
    {
        foreach (var (account, id) in alerts)
        {
            _session.Append(account, alert: true, id);
        }

        await _session.SubmitAsync();
    }

    private Task StoredAsync(DeliveryState state, int count) => Eventually.ThatAsync(
        () => Stored(state) == count, $"{count} alerts are stored as {state}");

    private int Stored(DeliveryState state)
    {
        lock (_store.Gate)
        {
            return _store.Deliveries.Values.Count(stored => stored.Channel == _channel.Name && stored.State == state);
        }
    }
}
