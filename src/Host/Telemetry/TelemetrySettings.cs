using System.Globalization;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.Host.Telemetry;

/// <summary>The settings of telemetry, under the names of OpenTelemetry.</summary>
internal static class TelemetrySettings
{
    public static readonly Setting<string> Endpoint = Setting.Text(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "", "an address like http://collector:4317",
        "The address to which traces, metrics and logs are sent by OTLP. Without it nothing is sent or traced; `/metrics` is always there.",
        text => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https", defaultText: "none");

    public static readonly Setting<string> ServiceName = Setting.Text(
        "OTEL_SERVICE_NAME", "monolith", "a name", "The name of the service in telemetry.");

    private static readonly Setting<string> Protocol = Setting.OneOf(
        "OTEL_EXPORTER_OTLP_PROTOCOL", "The protocol. Collectors usually have gRPC on port 4317 and HTTP on 4318.",
        "grpc", "http/protobuf");

    private static readonly Setting<string> Headers = new(
        "OTEL_EXPORTER_OTLP_HEADERS", "", "none", "name=value,…", "Headers of the requests, such as a token.",
        (string text, out string headers) => (headers = text).Split(',').All(header => header.Contains('=', StringComparison.Ordinal)),
        redact: _ => null);

    private static readonly Setting<string> Sampler = Setting.OneOf(
        "OTEL_TRACES_SAMPLER", "The sampler, which decides which traces are kept.",
        "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio", "always_on", "always_off", "traceidratio");

    private static readonly Setting<string> SamplerArgument = Setting.Text(
        "OTEL_TRACES_SAMPLER_ARG", "", "a number from 0 to 1", "The ratio of traces that are kept, for the ratio samplers.",
        text => double.TryParse(text, CultureInfo.InvariantCulture, out var part) && part is >= 0 and <= 1, defaultText: "1");

    private static readonly Setting<string> Attributes = Setting.Text(
        "OTEL_RESOURCE_ATTRIBUTES", "", "name=value,…", "Further attributes of the process, such as `deployment.environment.name=test`.",
        defaultText: "none");

    public static IReadOnlyList<Setting> All => [Endpoint, Protocol, Headers, ServiceName, Attributes, Sampler, SamplerArgument];
}
