using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>One line of a stream between being read and being answered. Reused for a later line.</summary>
internal sealed class StreamLine : IReplyTo
{
    private readonly StreamWindow _window;
    private volatile bool _isAnswered;

    public StreamLine(StreamWindow window)
    {
        _window = window;
        Envelope = new TransactionEnvelope(this);
    }

    public TransactionEnvelope Envelope { get; }

    /// <summary>The line's number in the stream, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The place of its answer among the stream's answers, from 0.</summary>
    public long Order { get; private set; }

    /// <summary>Why the line was not decided, where that was known before it was submitted.</summary>
    public Problem? Problem { get; private set; }

    public bool IsAnswered => _isAnswered;

    public void Begin(long number, long order)
    {
        Number = number;
        Order = order;
        Problem = null;
        _isAnswered = false;
        Envelope.Reset();
    }

    /// <summary>Answers the line without the engine.</summary>
    public void Refuse(Problem problem)
    {
        Problem = problem;
        Answer();
    }

    void IReplyTo.Completed(TransactionEnvelope envelope) => Answer();

    private void Answer()
    {
        // The window may use this line for a later one as soon as it is answered.
        var order = Order;
        _isAnswered = true;
        _window.Answered(order);
    }
}
