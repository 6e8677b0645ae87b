using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Admin;

/// <summary>One run of a verb: whom it asks, and where it writes.</summary>
internal sealed record AdminCall(AdminClient Client, IOutput Output);
