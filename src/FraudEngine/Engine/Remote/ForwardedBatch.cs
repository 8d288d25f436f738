using System.Buffers;

namespace FraudEngine.Engine.Remote;

/// <summary>
/// Requests of one shard that another node has forwarded to this one. They have entered the other node's admission, not this one's. Each is settled once, on
/// whatever loop it is answered or given back.
/// </summary>
internal sealed class ForwardedBatch : IReplyTo
{
    private readonly Action<ForwardedBatch> _completed;
    private AccountRequest[] _requests = [];
    private HashSet<AccountRequest>? _bounced;
    private int _left;

    private ForwardedBatch(Action<ForwardedBatch> completed) => _completed = completed;

    /// <summary>Reads requests that <see cref="RequestCodec.Write"/> has written. Throws <see cref="InvalidDataException"/> where they are damaged.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="completed">Called when each is answered, or given back because the shard is not this node's. On an event loop: must return at once and not throw.</param>
    public static ForwardedBatch Read(ReadOnlySpan<byte> requests, int count, Action<ForwardedBatch> completed)
    {
        if (count <= 0 || count > requests.Length)
        {
            throw new InvalidDataException($"Another node says that it forwards {count} requests in {requests.Length} bytes.");
        }

        var batch = new ForwardedBatch(completed);
        var read = new AccountRequest[count];
        for (var i = 0; i < count; i++)
        {
            read[i] = RequestCodec.Read(ref requests, batch);
        }

        batch._requests = requests.IsEmpty ? read : throw new InvalidDataException("Another node forwards more than it says.");
        batch._left = count;
        return batch;
    }

    /// <summary>Whether one of them was given back: then others that came behind it may be answered nevertheless.</summary>
    public bool IsBounced => _bounced is not null;

    /// <summary>The tenure of the shard in which they were accepted: see <see cref="EngineShard.Tenure"/>.</summary>
    internal int Tenure { get; set; }

    /// <summary>In the order in which they came.</summary>
    internal ReadOnlySpan<AccountRequest> Requests => _requests;

    /// <summary>Writes the answers in the order of the requests, for <see cref="RequestCodec.TryReadAnswer"/>. Once all are settled.</summary>
    public void WriteAnswers(IBufferWriter<byte> output)
    {
        foreach (var request in _requests)
        {
            if (_bounced?.Contains(request) == true)
            {
                RequestCodec.WriteBounced(output);
            }
            else
            {
                RequestCodec.WriteAnswer(output, request);
            }
        }
    }

    /// <summary>A request holds its answer.</summary>
    internal void Settle()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _completed(this);
        }
    }

    /// <summary>A request is given back as it came. Called only from the shard's turn loop.</summary>
    internal void Bounce(AccountRequest request)
    {
        (_bounced ??= new HashSet<AccountRequest>(ReferenceEqualityComparer.Instance)).Add(request);
        Settle();
    }

    void IReplyTo.Completed(TransactionEnvelope envelope) => Settle();
}
