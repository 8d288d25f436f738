using FraudEngine.Domain;
using FraudEngine.Engine;
using RabbitMQ.Client;

namespace FraudEngine.Ingress.Feed;

/// <summary>A message of the feed between its delivery and its acknowledgement. Used again for a later one.</summary>
internal sealed class FeedMessage : IReplyTo
{
    /// <summary>A message that held more is not used again, so that a flood of long texts leaves nothing behind.</summary>
    private const int KeptBytesMax = 4096;

    private readonly QueueConsumer _consumer;
    private byte[] _text = new byte[512];
    private volatile bool _isSettled;
    private volatile bool _isSetBack;

    public FeedMessage(QueueConsumer consumer)
    {
        _consumer = consumer;
        Envelope = new TransactionEnvelope(this) { IsPatient = true };
    }

    public TransactionEnvelope Envelope { get; }

    /// <summary>By which it is acknowledged.</summary>
    public ulong Tag { get; private set; }

    public string RoutingKey { get; private set; } = "";

    public IReadOnlyBasicProperties? Properties { get; private set; }

    /// <summary>How long the sender's text is, of which <see cref="Text"/> keeps no more than a transaction may have.</summary>
    public int BytesInAll { get; private set; }

    public ReadOnlyMemory<byte> Text => _text.AsMemory(0, Math.Min(BytesInAll, TransactionReader.TextBytesMax));

    /// <summary>Why it can't be decided; null where it was.</summary>
    public Problem? Problem { get; set; }

    /// <summary>Whether it can be acknowledged: what became of it is durable.</summary>
    public bool IsSettled => _isSettled;

    /// <summary>Whether it is left to be delivered again.</summary>
    public bool IsSetBack => _isSetBack;

    public bool IsReusable => _text.Length <= KeptBytesMax;

    /// <summary>Takes a message in, whose parts do not outlive its delivery.</summary>
    public void Take(ulong tag, string routingKey, IReadOnlyBasicProperties properties, ReadOnlySpan<byte> text)
    {
        Tag = tag;
        RoutingKey = routingKey;
        Properties = properties;
        Problem = null;
        _isSettled = false;
        _isSetBack = false;
        Envelope.Reset();
        BytesInAll = text.Length;
        var kept = text[..Math.Min(text.Length, TransactionReader.TextBytesMax)];
        if (kept.Length > _text.Length)
        {
            _text = new byte[kept.Length];
        }

        kept.CopyTo(_text);
    }

    public void Settle() => _isSettled = true;

    public void SetBack() => _isSetBack = true;

    void IReplyTo.Completed(TransactionEnvelope envelope) => _consumer.Answered(this);
}
