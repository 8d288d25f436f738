using System.Text;
using FraudEngine.Rules.Patterns;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>startsWith</c>, <c>endsWith</c>, <c>contains</c>, <c>matches</c> and <c>size</c>, as in CEL.</summary>
internal static class TextFunctions
{
    private delegate bool TextTest(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part);

    public static Operand? Compare(Call call, ExpressionCompiler compiler)
    {
        var name = call.Function.Text;
        var target = CompileText(call.Target!, name, compiler);
        if (call.Arguments.Length != 1)
        {
            return compiler.Problems.Reject(call.Place, $"{name} takes one text, as in merchantId.{name}(\"AB\")");
        }

        var part = CompileText(call.Arguments[0], name, compiler);
        if (target is null || part is null)
        {
            return null;
        }

        TextTest test = name switch
        {
            "startsWith" => static (text, part) => text.StartsWith(part),
            "endsWith" => static (text, part) => text.EndsWith(part),
            _ => static (text, part) => text.IndexOf(part) >= 0,
        };
        if (target.Literal is { } literal && part.Literal is { } literalPart)
        {
            return BoolOperand.Fixed(call.Place, test(Encoding.UTF8.GetBytes(literal), Encoding.UTF8.GetBytes(literalPart)));
        }

        var (left, right) = (target.Bytes!, part.Bytes!);
        return new BoolOperand(call.Place, target.Cost + part.Cost + Costs.Text, evaluation =>
        {
            var status = ValueStatuses.Worse(left(evaluation, out var leftText), right(evaluation, out var rightText));
            return status == ValueStatus.Ok ? Truths.Of(test(leftText, rightText)) : Truths.Without(status);
        });
    }

    /// <summary>As a method, and as a function of two arguments.</summary>
    public static Operand? Matches(Call call, ExpressionCompiler compiler)
    {
        if (call.Arguments.Length != (call.Target is null ? 2 : 1))
        {
            return compiler.Problems.Reject(call.Place, "matches takes a pattern, as in merchantId.matches(\"^AB[0-9]+$\")");
        }

        var target = CompileText(call.Target ?? call.Arguments[0], "matches", compiler);
        var argument = compiler.Compile(call.Arguments[^1]);
        if (argument is null || target is null)
        {
            return null;
        }

        if (argument is not TextOperand { Literal: { } pattern })
        {
            return compiler.Problems.Reject(argument.Place, argument is TextOperand
                ? "a pattern must be known when the file is read, as in \"^AB[0-9]+$\""
                : $"a pattern is text, but this is {ValueTypeText.One(argument.Type)}");
        }

        return TryRead(pattern, argument.Place, compiler.Problems, out var compiled) ? Matches(call.Place, target, compiled!) : null;
    }

    /// <summary>Of a text its Unicode characters, of a list its items.</summary>
    public static Operand? Size(Call call, ExpressionCompiler compiler)
    {
        if (call.Arguments.Length != (call.Target is null ? 1 : 0))
        {
            return compiler.Problems.Reject(call.Place, "size takes a text or a list, as in merchantId.size() or size(merchantId)");
        }

        var operand = compiler.Compile(call.Target ?? call.Arguments[0]);
        return operand switch
        {
            null => null,
            TextOperand { Literal: { } literal } => NumberOperand.Fixed(call.Place, literal.EnumerateRunes().Count()),
            TextOperand { Bytes: { } bytes } => new NumberOperand(call.Place, operand.Cost + Costs.Text, Characters(bytes)),
            TextOperand => compiler.Problems.Reject(operand.Place, TextCompiler.KeyOnly("size")),
            ListOperand list => ListCompiler.Size(call.Place, list),
            _ => compiler.Problems.Reject(operand.Place, $"size takes a text or a list, but this is {ValueTypeText.One(operand.Type)}"),
        };
    }

    private static BoolOperand Matches(Place place, TextOperand target, Pattern pattern)
    {
        if (target.Literal is { } literal)
        {
            return BoolOperand.Fixed(place, pattern.IsMatch(Encoding.UTF8.GetBytes(literal)));
        }

        var bytes = target.Bytes!;
        return new BoolOperand(place, target.Cost + Costs.Pattern + (Costs.Instruction * pattern.Size), evaluation =>
        {
            var status = bytes(evaluation, out var text);
            return status == ValueStatus.Ok ? Truths.Of(pattern.IsMatch(text)) : Truths.Without(status);
        });
    }

    private static bool TryRead(string text, Place place, Problems problems, out Pattern? pattern)
    {
        try
        {
            pattern = Pattern.Parse(text);
            return true;
        }
        catch (PatternException exception)
        {
            problems.Add(place, exception.Message);
            pattern = null;
            return false;
        }
    }

    private static NumberEval Characters(TextEval text)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            var status = text(evaluation, out var bytes);
            var count = 0;
            foreach (var part in bytes)
            {
                // The bytes of a character behind its first begin with the bits 10.
                count += (part & 0xC0) == 0x80 ? 0 : 1;
            }

            value = count;
            return status;
        }

        return Eval;
    }

    private static TextOperand? CompileText(Expression expression, string function, ExpressionCompiler compiler)
    {
        var operand = compiler.Compile(expression);
        switch (operand)
        {
            case null or TextOperand { Bytes: not null }:
                return operand as TextOperand;
            case TextOperand:
                compiler.Problems.Add(operand.Place, TextCompiler.KeyOnly(function));
                return null;
            default:
                compiler.Problems.Add(operand.Place, $"{function} takes text, but this is {ValueTypeText.One(operand.Type)}");
                return null;
        }
    }
}
