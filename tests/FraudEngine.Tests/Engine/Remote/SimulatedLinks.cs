using System.Buffers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Engine.Remote;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Tests.Engine.Remote;

/// <summary>
/// One node's way to the shards of others, as the cluster's protocol has it: requests of a shard in order, each message the next of its attempt, a new attempt
/// with all that is unanswered where something was given back or got lost. Messages go when the test says so.
/// </summary>
internal sealed class SimulatedLinks(ClusterRig rig, int node, int shards) : IRemoteShards
{
    private const int RequestsPerMessageMax = 3;

    private readonly Link[] _links = [.. Enumerable.Range(0, shards).Select(_ => new Link())];
    private readonly Dictionary<(int From, int Shard), Received> _received = [];
    private readonly Dictionary<int, (int Shard, Visit Visit)> _visits = [];
    private int _nextVisit;

    private DecisionEngine Engine => rig.Nodes[node].Engine;

    public int Unanswered => _links.Sum(link => link.Unanswered.Count);

    public void Forward(int shard, ReadOnlySpan<AccountRequest> requests)
    {
        Assert.False(requests.IsEmpty);
        _links[shard].Unanswered.AddRange(requests);
    }

    public void Send(int shard, Visit visit)
    {
        _visits.Add(++_nextVisit, (shard, visit));
        SendVisit(_nextVisit);
    }

    /// <summary>Sends the next requests of a shard, if there are any.</summary>
    public bool Pump(int shard)
    {
        var link = _links[shard];
        var owner = rig.OwnerOf(shard);
        if (owner is null || link.Unanswered.Count == 0)
        {
            return false;
        }

        if (owner != link.To)
        {
            link.Begin(owner);
        }

        var requests = link.Unanswered.Skip(link.Sent).Take(RequestsPerMessageMax).ToList();
        if (requests.Count == 0)
        {
            return false;
        }

        var bytes = new ArrayBufferWriter<byte>();
        requests.ForEach(request => RequestCodec.Write(bytes, request));
        link.Sent += requests.Count;
        var (attempt, sequence) = (link.Attempt, link.Sequence++);
        rig.Send(() => rig.Nodes[owner.Value].Links.Receive(node, shard, attempt, sequence, bytes.WrittenMemory, requests));
        return true;
    }

    /// <summary>Asks for everything that is unanswered once more.</summary>
    public void AskAgain()
    {
        foreach (var link in _links)
        {
            link.Begin(null);
        }

        // Those that their account has given up are forgotten.
        foreach (var (id, pending) in _visits.ToList())
        {
            if (pending.Visit.Envelope.Visits.IsWaitingFor(pending.Visit))
            {
                SendVisit(id);
            }
            else
            {
                _visits.Remove(id);
            }
        }
    }

    /// <summary>Gives up the oldest request of a shard.</summary>
    public void RefuseOne(int shard)
    {
        if (_links[shard].Unanswered is [var oldest, ..])
        {
            _links[shard].Remove(oldest);
            oldest.RefuseAsUnavailable();
            Engine.Complete([oldest]);
        }
    }

    private void Receive(int from, int shard, int attempt, int sequence, ReadOnlyMemory<byte> bytes, List<AccountRequest> requests)
    {
        if (!_received.TryGetValue((from, shard), out var received))
        {
            _received[(from, shard)] = received = new Received();
        }

        if (attempt < received.Attempt)
        {
            return;
        }

        var isNext = attempt > received.Attempt ? sequence == 0 : sequence == received.Next && !received.IsVoid;
        if (!isNext || !Engine.Owns(shard))
        {
            rig.Send(() => rig.Nodes[from].Links.TakeBack(shard, attempt));
            return;
        }

        (received.IsVoid, received.Attempt, received.Next) = (false, attempt, sequence + 1);
        Engine.Submit(shard, ForwardedBatch.Read(bytes.Span, requests.Count, batch =>
        {
            received.IsVoid |= batch.IsBounced && received.Attempt == attempt;
            foreach (var request in batch.Requests)
            {
                rig.NoteRefused(request);
            }

            var answers = new ArrayBufferWriter<byte>();
            batch.WriteAnswers(answers);
            rig.Send(() => rig.Nodes[from].Links.Answer(shard, attempt, answers.WrittenMemory, requests));
        }));
    }

    private void TakeBack(int shard, int attempt)
    {
        if (_links[shard].Attempt == attempt)
        {
            _links[shard].Begin(null);
        }
    }

    private void Answer(int shard, int attempt, ReadOnlyMemory<byte> answers, List<AccountRequest> requests)
    {
        var link = _links[shard];
        if (link.Attempt != attempt)
        {
            return;
        }

        var rest = answers.Span;
        var isBounced = false;
        foreach (var request in requests)
        {
            // One that was given up meanwhile has had its answer, and its owner uses it again.
            var isWaiting = link.Unanswered.Contains(request);
            var into = isWaiting ? request : Copy(request);
            if (!RequestCodec.TryReadAnswer(ref rest, into))
            {
                isBounced = true;
            }
            else if (isWaiting)
            {
                link.Remove(request);
                Assert.True(RequestCodec.AreKnown(request, Engine.Catalog));
                Engine.Complete([request]);
            }
        }

        Assert.True(rest.IsEmpty);
        if (isBounced)
        {
            link.Begin(null);
        }
    }

    private static AccountRequest Copy(AccountRequest request) => request switch
    {
        TransactionEnvelope => new TransactionEnvelope(null!),
        LabelRequest => new LabelRequest([], [], false),
        ChangeRequest change => new ChangeRequest([], change.Order),
        _ => new AccountQuery([], null),
    };

    private void SendVisit(int id)
    {
        var (shard, visit) = _visits[id];
        if (rig.OwnerOf(shard) is not { } owner)
        {
            return;
        }

        var bytes = new ArrayBufferWriter<byte>();
        VisitCodec.Write(bytes, visit);
        rig.Send(() => rig.Nodes[owner].Engine.Receive(bytes.WrittenSpan, answer => rig.Send(() => Return(id, answer))));
    }

    private void Return(int id, ReadOnlyMemory<byte> answer)
    {
        if (_visits.TryGetValue(id, out var pending) && VisitCodec.TryReturn(answer.Span, pending.Visit))
        {
            _visits.Remove(id);
        }
    }

    private sealed class Link
    {
        public List<AccountRequest> Unanswered { get; } = [];

        public int? To { get; private set; }

        public int Attempt { get; private set; }

        public int Sequence { get; set; }

        /// <summary>How many of the unanswered are sent in this attempt.</summary>
        public int Sent { get; set; }

        public void Begin(int? to)
        {
            To = to;
            Attempt++;
            Sequence = 0;
            Sent = 0;
        }

        public void Remove(AccountRequest request)
        {
            var index = Unanswered.IndexOf(request);
            Unanswered.RemoveAt(index);
            Sent -= index < Sent ? 1 : 0;
        }
    }

    private sealed class Received
    {
        public int Attempt { get; set; }

        public int Next { get; set; }

        public bool IsVoid { get; set; }
    }
}
