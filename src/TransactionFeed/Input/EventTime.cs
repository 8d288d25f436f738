using System.Globalization;

namespace TransactionFeed.Input;

/// <summary>Reads timestamps for pacing. Whether one is right by the contract is for the engine to say.</summary>
internal static class EventTime
{
    /// <summary>UTC ticks, or null where the text is no time.</summary>
    public static long? Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcTicks : null;
}
