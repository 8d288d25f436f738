namespace TransactionFeed.Input;

/// <summary>One transaction of the input, or its label, on its way: what is sent for it, and what came back.</summary>
internal sealed class TransactionRecord
{
    /// <summary>Empty where the line gives none.</summary>
    public string TransactionId { get; init; } = "";

    /// <summary>Empty where the line gives none.</summary>
    public string AccountId { get; init; } = "";

    /// <summary>The line to send, its line feed included; empty when there is a <see cref="Problem"/>.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>Why it can't be sent.</summary>
    public string? Problem { get; init; }

    /// <summary>Event time, where the reader was asked for it and the line has it.</summary>
    public long? EventTicks { get; init; }

    /// <summary>What the row says that it turned out to be, where the reader was asked for it and the row says it.</summary>
    public bool? IsFraud { get; init; }

    /// <summary>When it was first sent, as <see cref="System.Diagnostics.Stopwatch"/> counts; 0 before.</summary>
    public long SentAt { get; set; }

    /// <summary>The row for the output, once answered.</summary>
    public byte[]? Row { get; set; }

    public static TransactionRecord Unsendable(string transactionId, string accountId, string problem) =>
        new() { TransactionId = transactionId, AccountId = accountId, Problem = problem };
}
