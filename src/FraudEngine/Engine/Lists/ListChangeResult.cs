namespace FraudEngine.Engine.Lists;

/// <summary>A list, without its entries.</summary>
/// <param name="Owner">Who may change it: <see cref="ListBook.Http"/>, or the name of the file that it comes from.</param>
/// <param name="Count">Its entries, expired ones too.</param>
/// <param name="Version">That of its newest change, among the changes of all lists.</param>
public sealed record ListSummary(string Name, string Owner, int Count, long Version)
{
    public bool IsFromFile => Owner != ListBook.Http;
}

/// <summary>Why a list was not changed.</summary>
public enum ListRefusal
{
    None,
    UnknownList,

    /// <summary>It comes from a file, and is changed there.</summary>
    FromFile,
    TooManyLists,
    TooManyEntries,
}

/// <summary>What became of a change: refused, or done and durable.</summary>
/// <param name="List">The list after it; where it is refused, as it is, or null where there is none.</param>
public sealed record ListChangeResult(ListRefusal Refusal, ListSummary? List, int Added = 0, int Changed = 0, int Removed = 0);

/// <summary>An entry as it is read back.</summary>
/// <param name="ExpiresTicks">The event time, in UTC ticks, from which on it no longer counts; null for never.</param>
public readonly record struct ListEntry(string Text, long? ExpiresTicks);
