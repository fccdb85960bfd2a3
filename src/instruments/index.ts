/** The whole public face of the instruments area. */
export {};
