using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>What one request with a single transaction works with, used again by the next.</summary>
internal sealed class SingleExchange(byte[] defaultCurrency)
{
    public TransactionReader Reader { get; } = new(defaultCurrency);

    public SingleReply Reply { get; } = new();

    /// <summary>The answer's body.</summary>
    public ArrayBufferWriter<byte> Body { get; } = new(512);

    public bool TryRead(ReadOnlySpan<byte> text) => Reader.TryRead(text, Reply.Envelope.Transaction);

    /// <summary>Submits what was read, which has entered the admission. What it gives is to be awaited once.</summary>
    public ValueTask SubmitTo(DecisionEngine engine)
    {
        Reply.Reset();
        var answered = Reply.Answered;
        engine.Submit(Reply.Envelope);
        return answered;
    }

    public void WriteDecision(ReasonCatalog catalog)
    {
        Body.ResetWrittenCount();
        DecisionJson.Write(Body, Reply.Envelope.Transaction, Reply.Envelope.Decision, catalog);
    }
}
