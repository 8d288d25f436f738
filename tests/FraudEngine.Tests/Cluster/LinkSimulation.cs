using FraudEngine.Cluster;

namespace FraudEngine.Tests.Cluster;

/// <summary>
/// One sender, several nodes that own the shard in turn, and a network that loses, doubles and reorders. An owner handles what it has accepted later than it accepts it, and
/// gives back what it has not handled when it no longer owns the shard, as the engine does.
/// </summary>
internal sealed class LinkSimulation
{
    private const int Nodes = 3;
    private const int Requests = 60;

    private readonly Random _random;
    private readonly ShardLink<Request> _link = new(new LinkTimes(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)) { MessageRequestsMax = 4 });
    private readonly List<Message> _toNodes = [];
    private readonly List<Answer> _toSender = [];
    private readonly Node[] _nodes = [.. Enumerable.Range(0, Nodes).Select(_ => new Node())];
    private readonly List<int> _firstHandled = [];
    private readonly HashSet<int> _handled = [];
    private TimeSpan _now;
    private int _added;
    private int? _owner;
    private bool _isCalm;

    public LinkSimulation(int seed) => _random = new Random(seed);

    public Dictionary<string, int> Met { get; } = [];

    public List<Request> All { get; } = [];

    public void Run()
    {
        for (var step = 0; step < 4000; step++)
        {
            Step();
        }

        // In the end somebody owns the shard and nothing is lost any more.
        _isCalm = true;
        Take(0);
        for (var step = 0; step < 20_000 && !_link.IsEmpty; step++)
        {
            Step();
        }
    }

    public void Check()
    {
        Assert.True(_link.IsEmpty, "Something was never answered.");
        Assert.Equal(Requests, All.Count);
        Assert.All(All, static request => Assert.Equal(1, request.Answers));
        Assert.All(All.Where(static request => request.IsPatient), request => Assert.Contains(request.Number, _handled));
        Assert.All(All.Where(static request => !request.IsRefused), request => Assert.Contains(request.Number, _handled));

        // Of those that were not refused in between, none was handled for the first time after a later one.
        var refused = All.Where(static request => request.IsRefused).Select(static request => request.Number).ToHashSet();
        var order = _firstHandled.Where(number => !refused.Contains(number)).ToArray();
        Assert.Equal(order.Order(), order);
    }

    private void Step()
    {
        _now += TimeSpan.FromMilliseconds(_random.Next(_isCalm ? 60 : 40));
        switch (_random.Next(10))
        {
            case 0 when _added < Requests:
                Add();
                break;
            case 1 when !_isCalm && _random.Next(8) == 0:
                ChangeOwner();
                break;
            case 2:
                // What the sender knows of the owner lags behind, or is nothing.
                _link.SetOwner(_owner is { } owner && (_isCalm || _random.Next(4) > 0) ? $"{owner}" : _isCalm || _random.Next(2) == 0 ? null : $"{_random.Next(Nodes)}");
                break;
            case 3 when !_isCalm && _random.Next(20) == 0:
                _link.AskAgain();
                break;
            case 4:
                Expire();
                break;
            case 5 or 6:
                Send();
                break;
            case 7:
                Deliver();
                break;
            case 8:
                Handle();
                break;
            default:
                Return();
                break;
        }
    }

    private void Add()
    {
        var request = new Request(_added++, _random.Next(3) == 0);
        All.Add(request);
        _link.Add(request, request.IsPatient, _now);
    }

    private void ChangeOwner()
    {
        if (_owner is { } owner)
        {
            // It hands over, or dies: either way it handles nothing more, and gives back what it can.
            _nodes[owner].Owns = false;
            _owner = null;
            GiveBackUnhandled(owner);
        }
        else
        {
            Take(_random.Next(Nodes));
        }
    }

    private void Take(int node)
    {
        if (_owner is { } owner)
        {
            _nodes[owner].Owns = false;
            GiveBackUnhandled(owner);
        }

        _owner = node;
        _nodes[node].Owns = true;
        _nodes[node].Tenure++;
        Count("taken");
    }

    private void GiveBackUnhandled(int node)
    {
        foreach (var (message, handled) in _nodes[node].Accepted)
        {
            Count("given back by the engine");
            _toSender.Add(new Answer(message, handled, IsWhole: false));
        }

        _nodes[node].Accepted.Clear();
    }

    private void Send()
    {
        while (_link.Next(_now) is { } segment)
        {
            var message = new Message(int.Parse(_link.Owner!, System.Globalization.CultureInfo.InvariantCulture), _link.Attempt, segment.Sequence, segment.Id, [.. segment.Entries.Select(static entry => entry.Request.Number)]);
            Post(_toNodes, message);
        }
    }

    private void Post<T>(List<T> queue, T message)
    {
        if (!_isCalm && _random.Next(12) == 0)
        {
            Count("lost");
            return;
        }

        queue.Add(message);
        if (!_isCalm && _random.Next(12) == 0)
        {
            Count("doubled");
            queue.Add(message);
        }
    }

    private T Take<T>(List<T> queue)
    {
        // Mostly in order.
        var at = _isCalm || _random.Next(4) > 0 ? 0 : _random.Next(queue.Count);
        var message = queue[at];
        queue.RemoveAt(at);
        return message;
    }

    private void Deliver()
    {
        if (_toNodes.Count == 0)
        {
            return;
        }

        var message = Take(_toNodes);
        var node = _nodes[message.Node];
        if (node.Receiver.Accept(message.Attempt, message.Sequence, node.Owns ? node.Tenure : 0))
        {
            node.Accepted.Add((message, new bool[message.Requests.Length]));
        }
        else
        {
            Count("given back by order");
            Post(_toSender, new Answer(message, [], IsWhole: true));
        }
    }

    /// <summary>Handles the next accepted request of the owner, as an engine does: in order; its answer goes out when the whole message is handled.</summary>
    private void Handle()
    {
        if (_owner is not { } owner || _nodes[owner].Accepted.Count == 0)
        {
            return;
        }

        var (message, handled) = _nodes[owner].Accepted[0];
        var at = Array.IndexOf(handled, false);
        handled[at] = true;
        if (_handled.Add(message.Requests[at]))
        {
            _firstHandled.Add(message.Requests[at]);
        }
        else
        {
            Count("handled again");
        }

        if (at == handled.Length - 1)
        {
            _nodes[owner].Accepted.RemoveAt(0);
            Post(_toSender, new Answer(message, handled, IsWhole: false));
        }
    }

    private void Return()
    {
        if (_toSender.Count == 0)
        {
            return;
        }

        var answer = Take(_toSender);
        if (answer.IsWhole)
        {
            _link.GiveBack(answer.Message.Attempt, _now);
        }
        else if (_link.Find(answer.Message.Segment) is { } segment)
        {
            Assert.Equal(answer.Message.Requests, segment.Entries.Select(static entry => entry.Request.Number));
            for (var i = 0; i < answer.Handled.Length; i++)
            {
                if (answer.Handled[i])
                {
                    segment.Entries[i].Request.Answers++;
                    Count("answered");
                }
            }

            _link.Settle(segment, answer.Message.Attempt, answer.Handled, _now);
        }
    }

    private void Expire()
    {
        var expired = new List<Request>();
        _link.TakeExpired(_now, expired);
        foreach (var request in expired)
        {
            Assert.False(request.IsPatient);
            Count("expired");
            request.IsRefused = true;
            request.Answers++;
        }
    }

    private void Count(string what) => Met[what] = Met.GetValueOrDefault(what) + 1;

    internal sealed class Request(int number, bool isPatient)
    {
        public int Number { get; } = number;

        public bool IsPatient { get; } = isPatient;

        public bool IsRefused { get; set; }

        public int Answers { get; set; }
    }

    private sealed class Node
    {
        public LinkReceiver Receiver { get; } = new();

        public List<(Message Message, bool[] Handled)> Accepted { get; } = [];

        public bool Owns { get; set; }

        public int Tenure { get; set; }
    }

    private sealed record Message(int Node, long Attempt, long Sequence, long Segment, int[] Requests);

    private sealed record Answer(Message Message, bool[] Handled, bool IsWhole);
}
