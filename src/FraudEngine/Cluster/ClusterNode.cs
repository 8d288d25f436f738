using FraudEngine.Engine;
using FraudEngine.Engine.Remote;
using FraudEngine.Engine.Visiting;
using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>One node's part in the cluster: it says that it is there, takes the shards that are its own, and forwards what belongs to others.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan NewsDelay = TimeSpan.FromMilliseconds(5);

    private readonly ClusterSettings _settings;
    private readonly string _life;
    private readonly DecisionEngine _engine;
    private readonly ISharedJournal _journal;
    private readonly TimeProvider _clock;
    private readonly IClusterEvents _events;
    private readonly long _startedAt;
    private readonly ClusterSight _sight;
    private readonly OutgoingRequests _outgoing;
    private readonly IncomingRequests _incoming;
    private readonly Visits _visits;
    private readonly Answers _answers;
    private readonly NodePulse _pulse;
    private readonly OwnershipLoop _ownership;
    private readonly NodeSender _sender;
    private readonly NodePost _post;
    private readonly ITimer _tick;
    private readonly ITimer _news;
    private readonly ITimer _beat;
    private readonly Task _sending;
    private int _isTicking;
    private long _allOwnedAt;
    private int _newsToTell;
    private int _newsToSend;
    private int _isBrokerLost;
    private int _isPruning;
    private long _damaged;
    private volatile bool _isDisposed;
    private volatile bool _isSettled;

    /// <summary>Opens the connection and sets <see cref="DecisionEngine.Remote"/>; takes no shard before <see cref="Join"/>.</summary>
    /// <param name="life">The id of the node's present life: the name of the sessions that hold its shards.</param>
    /// <param name="broker">As <see cref="Messaging.BrokerUrl"/> says.</param>
    public ClusterNode(ClusterSettings settings, string life, Uri broker, DecisionEngine engine, ISharedJournal journal, TimeProvider clock, IClusterEvents events)
    {
        var shards = engine.Shards;
        _settings = settings;
        _life = life;
        _engine = engine;
        _journal = journal;
        _clock = clock;
        _events = events;
        _startedAt = clock.GetTimestamp();
        _sight = new ClusterSight(settings, life, shards, clock.GetUtcNow().UtcTicks, engine.Owns, events);
        _outgoing = new OutgoingRequests(shards, new LinkTimes(settings.AskAgainAfter, settings.ForwardTimeout), Now, Wake);
        _incoming = new IncomingRequests(shards, engine, WakeSender);
        _visits = new Visits(engine, new PendingVisits(settings.VisitTimeout), Now, Wake);
        _answers = new Answers(engine, journal, clock, settings.ForwardTimeout);
        _pulse = new NodePulse(engine, _outgoing);
        _tick = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _news = clock.CreateTimer(_ => SpreadNews(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _post = new NodePost(broker, settings.Node, life, clock, Receive, Connected, Disconnected);
        _sender = new NodeSender(life, _post, Write, WriteToAll);
        engine.Remote = new Remote(this);
        _ownership = new OwnershipLoop(shards, new OwnershipPlan(shards, settings.Node, life, settings.SilenceMax), engine, journal, clock, Now, Look, OwnershipChanged, events);
        journal.Lost = _ownership.Lost;
        journal.Connected = OwnershipChanged;
        _sending = _sender.RunAsync();
        _beat = clock.CreateTimer(_ => Beat(), null, settings.HeartbeatInterval, settings.HeartbeatInterval);
        _post.Start();
    }

    /// <summary>Called when another node, or this one, says that there is something new. From any thread; must return at once and not throw.</summary>
    public Action<News>? Heard { get; set; }

    /// <summary>
    /// Whether the node can handle what comes: broker and database are there, and it sees owners of all shards. That a shard changes hands is no reason to send nobody here:
    /// all nodes see that at once, and what is for the shard waits.
    /// </summary>
    public bool IsReady => _sight.Intent == MemberState.Ready && _post.IsConnected && _journal.IsConnected
        && (_sight.KnowsAllOwners || (Volatile.Read(ref _allOwnedAt) is var at and > 0 && Now().Ticks - at < _settings.SilenceMax.Ticks));

    /// <summary>Messages of other nodes that were damaged, or of another version.</summary>
    public long DamagedMessages => Interlocked.Read(ref _damaged);

    /// <summary>Begins to take shards.</summary>
    public void Join()
    {
        _sight.Intent = MemberState.Ready;
        OwnershipChanged();
    }

    /// <summary>Hands all shards over and ends when others own them, or there is nobody else, or it takes too long.</summary>
    public async Task LeaveAsync(TimeSpan waitMax)
    {
        _sight.Intent = MemberState.Leaving;
        OwnershipChanged();
        var until = Now() + waitMax;
        while (Now() < until && _post.IsConnected && _sight.HasReadyOthers && (_ownership.Held > 0 || !_sight.KnowsAllOwners || _outgoing.Count > 0 || _incoming.Count > 0))
        {
            await Task.Delay(TickInterval, _clock);
        }
    }

    /// <summary>Says to all nodes that there is something new. Many of a kind within a few milliseconds go as one.</summary>
    public void Tell(News news)
    {
        if (news != News.None && Interlocked.Or(ref _newsToTell, 1 << (int)news) == 0 && !_isDisposed)
        {
            _news.Change(NewsDelay, Timeout.InfiniteTimeSpan);
        }
    }

    public ClusterView Describe() => _sight.Describe(Said, IsReady, _pulse.Last);

    /// <summary>Ends at once: shards that are still owned are not handed over, and what is forwarded and not answered is refused. The engine must still be there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        journalCallbacksOff();
        await _beat.DisposeAsync();
        await _tick.DisposeAsync();
        await _news.DisposeAsync();
        await _ownership.DisposeAsync();
        await _post.DisposeAsync();
        _sender.End();
        await _sending;
        _answers.Refuse(_outgoing.TakeAll());

        void journalCallbacksOff()
        {
            _journal.Lost = null;
            _journal.Connected = null;
        }
    }

    private MemberState State => _sight.Intent != MemberState.Leaving && !_journal.IsConnected ? MemberState.Apart : _sight.IsSuperseded ? MemberState.Leaving : _sight.Intent;

    /// <summary>What it says of itself: to one that would not take a shard yet, none is handed over.</summary>
    private MemberState Said => State == MemberState.Ready && !_isSettled ? MemberState.Joining : State;

    /// <summary>Since the start; monotonic.</summary>
    private TimeSpan Now() => _clock.GetElapsedTime(_startedAt);

    private string? OwnerOf(int shard) => _sight.ReachableOwnerOf(shard, _post.IsConnected);

    private OwnershipSight Look(ShardStanding[] standing, IReadOnlyList<ShardHolder>? holders)
    {
        var sight = _sight.Look(State, _post.IsConnected, _journal.IsConnected, standing, holders, Now());
        if (sight.IsSettled && !_isSettled)
        {
            _isSettled = true;
            _pulse.Set();
            Wake();
        }

        return sight;
    }

    private void WakeSender() => _sender.Wake();

    /// <summary>There is something to send, which may have to wait.</summary>
    private void Wake()
    {
        _sender.Wake();
        if (Volatile.Read(ref _isTicking) == 0 && !_isDisposed && Interlocked.Exchange(ref _isTicking, 1) == 0)
        {
            _tick.Change(TickInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>As long as something waits.</summary>
    private void Tick()
    {
        var expired = new List<AccountRequest>();
        _outgoing.Tick(expired);
        _answers.Refuse(expired);
        _visits.Tick();
        Volatile.Write(ref _isTicking, 0);
        if (_outgoing.Count > 0 || _visits.Count > 0)
        {
            Wake();
        }
    }

    private void Beat()
    {
        foreach (var gone in _sight.Judge(Now()))
        {
            _incoming.Forget(gone);
            Volatile.Write(ref _isPruning, 1);
        }

        if (_sight.KnowsAllOwners)
        {
            Volatile.Write(ref _allOwnedAt, Now().Ticks);
        }

        _outgoing.TouchAll();
        _pulse.Set();
        Wake();
        _ownership.Wake();
    }

    /// <summary>What this node owns, or its state, has changed: everybody hears of it, and what waits for an owner may go.</summary>
    private void OwnershipChanged()
    {
        _pulse.Set();
        _outgoing.TouchAll();
        Wake();
        _ownership.Wake();
    }

    private void SpreadNews()
    {
        var news = Interlocked.Exchange(ref _newsToTell, 0);
        Interlocked.Or(ref _newsToSend, news);
        _sender.Wake();
        Tell(news);
    }

    private void Tell(int news)
    {
        for (var one = News.Alerts; one <= News.Settings; one++)
        {
            if ((news & (1 << (int)one)) != 0)
            {
                Heard?.Invoke(one);
            }
        }
    }

    private bool Write(Outboxes outboxes)
    {
        if (Interlocked.Exchange(ref _isPruning, 0) == 1)
        {
            outboxes.Keep(_sight.IsThere);
        }

        return _incoming.WriteTo(outboxes) && _outgoing.WriteTo(outboxes, OwnerOf) && _visits.WriteTo(outboxes, OwnerOf);
    }

    private bool WriteToAll(FrameWriter frame)
    {
        if (_pulse.TryTake())
        {
            _sight.Heartbeat(Said, _ownership.Claims, _pulse.Measure(Now())).WriteTo(frame);
        }

        if (Interlocked.Exchange(ref _newsToSend, 0) is var news and not 0)
        {
            frame.Begin(FramePart.News);
            frame.WriteByte((byte)news);
            frame.End();
        }

        return !frame.IsEmpty;
    }

    private void Connected(long connection)
    {
        _sight.Connected(connection);
        if (Interlocked.Exchange(ref _isBrokerLost, 0) == 1)
        {
            _events.BrokerFound();
        }

        _outgoing.AskAgain(null);
        _visits.SendAgain();
        OwnershipChanged();
    }

    private void Disconnected(string reason)
    {
        _isSettled = false;
        _sight.Disconnected();
        if (!_isDisposed && Interlocked.Exchange(ref _isBrokerLost, 1) == 0)
        {
            _events.BrokerLost(reason);
        }
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var frame = new FrameReader(bytes);
            while (frame.TryReadPart(out var kind, out var part))
            {
                Receive(kind, ref part);
            }
        }
        catch (InvalidDataException)
        {
            Interlocked.Increment(ref _damaged);
        }
    }

    private void Receive(FramePart kind, ref FrameReader part)
    {
        switch (kind)
        {
            case FramePart.Heartbeat:
                Hear(Cluster.Heartbeat.Read(ref part));
                break;
            case FramePart.News when part.Life != _life:
                Tell(part.ReadByte());
                break;
            case FramePart.Requests:
                _incoming.Receive(ref part);
                break;
            case FramePart.Answers:
                var answered = new List<AccountRequest>();
                _outgoing.Answer(ref part, answered);
                _answers.GiveOut(answered);
                break;
            case FramePart.GivenBack:
                _outgoing.GiveBack(ref part);
                break;
            case FramePart.Visit:
                _visits.Receive(ref part);
                break;
            case FramePart.VisitAnswer:
                _visits.Return(ref part);
                break;
        }
    }

    private void Hear(Heartbeat beat)
    {
        var heard = _sight.Hear(beat, Now());
        if (heard.Joined is not null && beat.Life != _life)
        {
            // The newcomer learns at once who is there.
            _pulse.Set();
            Wake();
        }

        if (heard.IsReconnect)
        {
            _outgoing.AskAgain(beat.Life);
            _visits.SendAgain();
        }

        if (heard.IsChange)
        {
            _outgoing.TouchAll();
            Wake();
            _ownership.Wake();
        }
    }

    /// <summary>What the engine sees of the cluster.</summary>
    private sealed class Remote(ClusterNode node) : IRemoteShards
    {
        public void Forward(int shard, ReadOnlySpan<AccountRequest> requests)
        {
            if (node._isDisposed)
            {
                node._answers.Refuse([.. requests]);
                return;
            }

            node._outgoing.Add(shard, requests);
        }

        public void Send(int shard, Visit visit) => node._visits.Send(shard, visit);
    }
}
