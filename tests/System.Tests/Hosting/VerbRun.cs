using System.Text.Json.Nodes;

namespace Monolith.System.Tests.Hosting;

/// <summary>A verb that has ended: its exit code and what it wrote.</summary>
internal sealed record VerbRun(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Standard output.</summary>
    public string Text => string.Join('\n', Output);

    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    public VerbRun ShouldExit(int code)
    {
        ExitCode.ShouldBe(code, ToString());
        if (code == 0)
            Errors.ShouldBeEmpty();
        return this;
    }

    public override string ToString() => $"exit {ExitCode}\n{Text}\n{string.Join('\n', Errors)}";
}
