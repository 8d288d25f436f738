using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Rules.Syntax;

/// <summary>Finds the fields that a condition names.</summary>
internal static class FieldNames
{
    /// <summary>Each once, in the order of the fields. The condition must be one that was read without an error.</summary>
    public static ImmutableArray<TransactionField> In(string when)
    {
        var found = new SortedSet<TransactionField>();
        var lexer = new Lexer(when);
        for (var (token, next) = (lexer.Next(), lexer.Next()); token.Kind != TokenKind.End; (token, next) = (next, lexer.Next()))
        {
            // timestamp("…") is a function.
            var field = token.Kind == TokenKind.Name && next.Kind != TokenKind.OpenParenthesis ? TransactionFieldText.Find(when.AsSpan(token.Place.Start, token.Place.End - token.Place.Start)) : TransactionField.None;
            if (field != TransactionField.None)
            {
                found.Add(field);
            }
        }

        return [.. found];
    }
}
