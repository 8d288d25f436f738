using FraudEngine.Rules.Syntax;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Rules;

/// <summary>The canonical form by which filters are known.</summary>
public class ExpressionPrinterTests
{
    [Theory]
    [InlineData("channel=='online'", "channel == \"online\"")]
    [InlineData("( channel == \"online\" )", "channel == \"online\"")]
    [InlineData("account.channel == r\"online\"", "channel == \"online\"")]
    [InlineData("amount>1.50 // and more", "amount > 1.5")]
    [InlineData("amount > 1e3", "amount > 1000")]
    [InlineData("(amount > 1) && ((amount < 0x10))", "amount > 1 && amount < 16")]
    [InlineData("a || (b && c)", "a || b && c")]
    [InlineData("(a || b) && c", "(a || b) && c")]
    [InlineData("(a && b) && c", "(a && b) && c")]
    [InlineData("a - (b - c)", "a - (b - c)")]
    [InlineData("(a - b) - c", "a - b - c")]
    [InlineData("a * (b + c)", "a * (b + c)")]
    [InlineData("!(a in [1,2,])", "!(a in [1, 2])")]
    [InlineData("(!a).f()", "(!a).f()")]
    [InlineData("- -a", "--a")]
    [InlineData("3600s", "1h")]
    [InlineData("a?b:(c?d:e)", "a ? b : c ? d : e")]
    [InlineData("(a?b:c)?d:e", "(a ? b : c) ? d : e")]
    [InlineData("a?(b?c:d):e", "a ? (b ? c : d) : e")]
    [InlineData("x == 'a\"b\\\\\\n'", "x == \"a\\\"b\\\\\\u000a\"")]
    [InlineData("[[1],[]][ 0 ]", "[[1], []][0]")]
    [InlineData("(a == b) == c", "a == b == c")]
    [InlineData("a == (b == c)", "a == (b == c)")]
    [InlineData("f(a, delay   168h)", "f(a, delay 7d)")]
    [InlineData("f(delay duration('1.5s'))", "f(delay duration(\"1.5s\"))")]
    [InlineData("f((delay)) + delay - 7d", "f(delay) + delay - 7d")]
    [InlineData("delay(delay) > delay.delay", "delay(delay) > delay.delay")]
    [InlineData("[delay, delay - 1d]", "[delay, delay - 1d]")]
    public void A_tree_has_one_form(string expression, string printed)
    {
        Assert.Equal(printed, ExpressionPrinter.Print(Parser.Parse(expression), "account"));
        Assert.Equal(printed, ExpressionPrinter.Print(Parser.Parse(printed), "account"));
    }

    [Fact]
    public void What_is_printed_parses_to_the_same_tree() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), static seed =>
    {
        var random = new Random(seed);
        var tree = new RandomExpression(random).Condition(random.Next(1, 7));
        var printed = ExpressionPrinter.Print(tree);
        var parsed = Parser.Parse(printed);
        Assert.Equal(Shape(tree), Shape(parsed));
        Assert.Equal(printed, ExpressionPrinter.Print(parsed));
    }).Check(Property.Runs(Soak.Times(300, 30_000)));

    /// <summary>A tree written down without any of the rules that the printer and the parser share.</summary>
    private static string Shape(Expression tree) => tree switch
    {
        NumberLiteral number => $"number({number.Value / 1.000000000000000000000000000m})",
        TextLiteral text => $"text({Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text.Value))})",
        BoolLiteral truth => $"bool({truth.Value})",
        DurationLiteral duration => $"duration({duration.Ticks})",
        Name name => $"name({name.Text})",
        Member member => $"member({Shape(member.Of)},{member.Part.Text})",
        FraudEngine.Rules.Syntax.Index index => $"index({Shape(index.Of)},{Shape(index.At)})",
        Call call => $"call({(call.Target is null ? "" : Shape(call.Target))}.{call.Function.Text}:{string.Join(',', call.Arguments.Select(Shape))})",
        Delay delay => $"delay({Shape(delay.Length)})",
        ListLiteral list => $"list({string.Join(',', list.Items.Select(Shape))})",
        Not not => $"not({Shape(not.Operand)})",
        Negation negation => $"negation({Shape(negation.Operand)})",
        Arithmetic pair => $"{pair.Operator}({Shape(pair.Left)},{Shape(pair.Right)})",
        Comparison pair => $"{pair.Operator}({Shape(pair.Left)},{Shape(pair.Right)})",
        Membership pair => $"in({Shape(pair.Item)},{Shape(pair.List)})",
        Logic logic => $"{logic.Operator}({string.Join(',', logic.Operands.Select(Shape))})",
        Conditional conditional => $"if({Shape(conditional.Condition)},{Shape(conditional.Then)},{Shape(conditional.Otherwise)})",
        _ => throw new ArgumentOutOfRangeException(nameof(tree)),
    };
}
