using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads and compiles the conditions of rules.</summary>
internal sealed class ConditionReader(SourceText source, FileErrors errors)
{
    /// <summary>The condition; null, with the errors noted, where it is none.</summary>
    public RuleCondition? Read(YamlScalar? scalar, Scope scope)
    {
        var read = new ExpressionReader(source, scope, errors).Read(scalar, "when", static (text, scope, problems) => ExpressionCompiler.Condition(text, scope, problems));
        return read is null ? null : new RuleCondition(read.Text, read.Operand.Eval, read.Operand.Cost, read.Windows, read.ListNames);
    }
}
