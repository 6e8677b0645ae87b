using System.Text.RegularExpressions;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The JSON schema of a parameter that a <see cref="QueryReader"/> reads.</summary>
internal sealed record ParameterSchema(string Type)
{
    private const string String = "string";
    private const string Integer = "integer";

    private const string EndInDotNet = @"\z";
    private const string EndInEcmaScript = "$";

    public static ParameterSchema Text { get; } = new(String);

    public static ParameterSchema Required { get; } = new(String) { Constraint = new FieldConstraint { IsRequired = true } };

    public static ParameterSchema Uuid { get; } = new(String) { Constraint = new FieldConstraint { Format = "uuid" } };

    public static ParameterSchema Whole { get; } = new(Integer) { Constraint = new FieldConstraint { Minimum = 0 } };

    public static ParameterSchema Positive { get; } = new(Integer)
    {
        Constraint = new FieldConstraint { Minimum = 1, Maximum = int.MaxValue },
    };

    public static ParameterSchema Time { get; } = new(String) { Constraint = new FieldConstraint { Format = "date-time" } };

    public static ParameterSchema DayOrTime { get; } = new(String)
    {
        Alternatives = ["date", "date-time"], Description = "A day, which is its beginning in UTC, or a time.",
    };

    public static ParameterSchema Cursor { get; } = new(String)
    {
        Description = "Where the page begins: the cursor in next of the page before.",
    };

    public FieldConstraint Constraint { get; init; } = FieldConstraint.None;

    /// <summary>Formats of which one must match.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    public int? Default { get; init; }

    public string? Description { get; init; }

    public static ParameterSchema Limit(int defaultLimit) => new(Integer)
    {
        Default = defaultLimit, Description = "How many items the page has at most.",
    };

    public static ParameterSchema OneOf(IReadOnlyCollection<string> words) => new(String)
    {
        Constraint = new FieldConstraint { Words = words },
    };

    public static ParameterSchema Matching(Regex pattern) => new(String)
    {
        Constraint = new FieldConstraint { Pattern = pattern.ToString().Replace(EndInDotNet, EndInEcmaScript, StringComparison.Ordinal) },
    };
}
