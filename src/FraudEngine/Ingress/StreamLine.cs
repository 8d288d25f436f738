using System.Buffers;

namespace FraudEngine.Ingress;

/// <summary>One line of a stream between being read and being answered. Reused for a later line. What it says is for the kinds of lines.</summary>
internal abstract class StreamLine(StreamWindow window)
{
    private volatile bool _isAnswered;

    /// <summary>The line's number in the stream, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The place of its answer among the stream's answers, from 0.</summary>
    public long Order { get; private set; }

    /// <summary>Why the line was not submitted, where that was known before.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Why what was submitted was refused; null where it was not.</summary>
    public abstract Problem? Refusal { get; }

    public bool IsAnswered => _isAnswered;

    public void Begin(long number, long order)
    {
        Number = number;
        Order = order;
        Problem = null;
        _isAnswered = false;
        Reset();
    }

    /// <summary>Answers the line without the engine.</summary>
    public void Refuse(Problem problem)
    {
        Problem = problem;
        Answer();
    }

    /// <summary>Takes in the line's text, and says what is wrong with it.</summary>
    public abstract Problem? Read(ReadOnlySpan<byte> json);

    /// <summary>Hands the line, which has entered the admission, to the engine; it calls <see cref="Answer"/> once it has the answer.</summary>
    public abstract void Submit();

    /// <summary>Writes the answer, where there is neither a problem nor a refusal.</summary>
    public abstract void WriteAnswer(IBufferWriter<byte> output);

    protected abstract void Reset();

    protected void Answer()
    {
        // The window may use this line for a later one as soon as it is answered.
        var order = Order;
        _isAnswered = true;
        window.Answered(order);
    }
}
