using System.Globalization;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.Host.Telemetry;

/// <summary>Where telemetry goes, by the names that OpenTelemetry gave them.</summary>
internal static class TelemetrySettings
{
    public static readonly Setting<string> Endpoint = Setting.Text(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "", "an address like http://collector:4317", "Where traces, metrics and logs are sent by OTLP. Without it nothing is sent or traced; `/metrics` is there all the same.",
        text => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https", defaultText: "none");

    public static readonly Setting<string> ServiceName = Setting.Text("OTEL_SERVICE_NAME", "monolith", "a name", "What the process calls itself.");

    private static readonly Setting<string> Protocol = Setting.OneOf("OTEL_EXPORTER_OTLP_PROTOCOL", "How it is sent: the first mostly to port 4317, the second to 4318.", "grpc", "http/protobuf");

    private static readonly Setting<string> Headers = new(
        "OTEL_EXPORTER_OTLP_HEADERS", "", "none", "name=value,…", "What is sent with it, such as a token.",
        (string text, out string headers) => (headers = text).Split(',').All(header => header.Contains('=', StringComparison.Ordinal)), redact: _ => null);

    private static readonly Setting<string> Sampler = Setting.OneOf(
        "OTEL_TRACES_SAMPLER", "Which traces are kept.", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio", "always_on", "always_off", "traceidratio");

    private static readonly Setting<string> SamplerArgument = Setting.Text(
        "OTEL_TRACES_SAMPLER_ARG", "", "a number from 0 to 1", "How many of them, for the samplers by ratio.",
        text => double.TryParse(text, CultureInfo.InvariantCulture, out var part) && part is >= 0 and <= 1, defaultText: "1");

    private static readonly Setting<string> Attributes = Setting.Text("OTEL_RESOURCE_ATTRIBUTES", "", "name=value,…", "What else is told of the process, such as `deployment.environment.name=test`.", defaultText: "none");

    public static IReadOnlyList<Setting> All => [Endpoint, Protocol, Headers, ServiceName, Attributes, Sampler, SamplerArgument];
}
